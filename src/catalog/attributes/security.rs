//! Which clients and requests are permitted, and which objects and hosts requests can use.

use super::{
    Attribute,
    Empty::{Counts, Inherits},
    set::{accepted, choice, flag, full, text},
    values,
};
use crate::{catalog::address::AddressFilter, limits, protocol::composed};

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("AllowDirectAccess", "r-allowdirectaccess", Counts, |attributes, args| {
        attributes.direct_access = values::direct_access(args)?;
        Ok(())
    }),
    full("AllowDirectUrls", "r-allowdirecturls", Inherits, |attributes, args| {
        attributes.remote.direct = values::flag(args)?;
        flag(attributes, args)
    }),
    // Our extension: the reference leaves hosts to the configuration of the server.
    full("ForeignHosts", "", Counts, |attributes, args| {
        let hosts = args.value.split(',').map(str::trim).filter(|host| !host.is_empty());
        attributes.remote.hosts = hosts.map(str::to_owned).collect();
        text(attributes, args)
    }),
    full("RootUrl", "r-rooturl", Counts, |attributes, args| {
        let schemes = ["http://", "https://", "ftp://"];
        let lower = args.value.to_ascii_lowercase();
        if !lower.is_empty() && !schemes.iter().any(|scheme| lower.starts_with(scheme)) {
            return Err(args.wrong("a URL that begins with http://, https:// or ftp://"));
        }
        args.value.clone_into(&mut attributes.remote.root);
        text(attributes, args)
    }),
    full("ClientAddressFilter", "r-clientaddressfilter", Inherits, |attributes, args| {
        attributes.client_addresses = AddressFilter::parse(args.command, args.value)?;
        Ok(())
    }),
    // Our extension: the reference lets every request use the objects of all catalogs.
    full("TrustedCatalogs", "", Counts, |attributes, args| {
        let roots = args.value.split(',').map(str::trim).filter(|root| !root.is_empty());
        let roots: Vec<String> = roots.map(|root| composed(root).into_owned()).collect();
        if roots.iter().any(|root| root.contains(['/', '\\'])) {
            return Err(args.wrong("rootIds between commas, or * for all catalogs"));
        }
        attributes.trusted_catalogs = roots;
        Ok(())
    }),
    full("RequestLock", "r-requestlock", Inherits, |attributes, args| {
        attributes.request_lock = values::flag(args)?;
        Ok(())
    }),
    full("RequestObfuscation", "r-requestobfuscation", Inherits, |attributes, args| {
        let method = choice(args, 0, 1, "0 for none or 1 for base64")?;
        attributes.request_obfuscation = method == 1;
        Ok(())
    }),
    // Our extension.
    full("MaxNesting", "", Inherits, |attributes, args| {
        let most = limits::NESTING_MAX;
        let depth = choice(args, 0, most as i64, &format!("an integer from 0 to {most}"))?;
        attributes.max_nesting = depth as usize;
        Ok(())
    }),
    accepted("TrustedDomains", "r-trusteddomains", Counts, "Flash (fmt=swf) is unsupported", text),
];

//! Other services of Dynamic Media, which have URLs on the same hosts.

use super::url;

/// A service with a path of its own next to Image Serving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// The prefix of its paths.
    pub path: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// The services of Dynamic Media that this server does not answer.
pub const SERVICES: [Service; 17] = [
    Service { path: "/s7viewers/", name: "Viewers" },
    Service { path: "/s7sdk/", name: "Viewer SDK" },
    Service { path: "/skins/", name: "Viewers" },
    Service { path: "/is-viewers", name: "Viewers" },
    Service { path: "/s7ondemand/", name: "Viewers" },
    Service { path: "/s7/", name: "Viewers" },
    Service { path: "/s7info/", name: "eCatalog" },
    Service { path: "/e2/", name: "eCatalog" },
    Service { path: "/is/agm/", name: "Web-to-print templates" },
    Service { path: "/is/video/", name: "Video" },
    Service { path: "/is/realm/", name: "Platform Server" },
    Service { path: "/is/cache/", name: "Platform Server" },
    Service { path: "/is-catalog/", name: "Platform Server" },
    Service { path: "/is-docs/", name: "Platform Server" },
    Service { path: "/adobe/", name: "Dynamic Media with OpenAPI" },
    Service { path: "/ugc/", name: "User-generated content" },
    Service { path: "/ir/", name: "Image Rendering" },
];

/// The service that a URL is for, whether full or from its path on; `None` if it is none of
/// [`SERVICES`].
pub fn service(typed: &str) -> Option<Service> {
    let path = typed.get(url::host(typed)..)?;
    let found = SERVICES.iter().find(|service| path.starts_with(service.path));
    found.copied()
}

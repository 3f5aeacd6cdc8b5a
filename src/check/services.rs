//! URLs of the same hosts that other services answer.

use super::url;

/// A service that stands beside Image Serving under its own path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// What its paths begin with.
    pub path: &'static str,
    /// What it is called.
    pub name: &'static str,
}

/// Services of Dynamic Media that are not answered here.
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

/// The service that answers a URL, or its part from the path on.
pub fn service(typed: &str) -> Option<Service> {
    let path = typed.get(url::host(typed)..)?;
    let found = SERVICES.iter().find(|service| path.starts_with(service.path));
    found.copied()
}

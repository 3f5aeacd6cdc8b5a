//! Programs that are compared with or measure, and that nothing installs. Rows that need a missing
//! one are skipped.

use std::{env, ffi::OsStr, path::PathBuf};

/// A program that is not among the npm packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    Vips,
    VipsThumbnail,
    Nginx,
    Iipsrv,
    SpawnFcgi,
    Wrk,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Vips, Self::VipsThumbnail, Self::Nginx, Self::Iipsrv, Self::SpawnFcgi, Self::Wrk];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vips => "vips",
            Self::VipsThumbnail => "vipsthumbnail",
            Self::Nginx => "nginx",
            Self::Iipsrv => "iipsrv",
            Self::SpawnFcgi => "spawn-fcgi",
            Self::Wrk => "wrk",
        }
    }

    fn debian_package(self) -> &'static str {
        match self {
            Self::Vips | Self::VipsThumbnail => "libvips-tools",
            Self::Iipsrv => "iipimage-server",
            Self::Nginx | Self::SpawnFcgi | Self::Wrk => self.name(),
        }
    }

    /// What makes it print its version.
    pub fn version_arguments(self) -> &'static [&'static str] {
        match self {
            Self::Vips | Self::VipsThumbnail => &["--version"],
            Self::Nginx | Self::SpawnFcgi | Self::Wrk => &["-v"],
            Self::Iipsrv => &[],
        }
    }

    /// Where it is, if it is installed.
    pub fn program(self) -> Option<PathBuf> {
        self.program_in(&env::var_os("PATH").unwrap_or_default())
    }

    fn program_in(self, search_path: &OsStr) -> Option<PathBuf> {
        // Not on the search path: where Debian puts it.
        if self == Self::Iipsrv {
            return Some(PathBuf::from("/usr/lib/iipimage-server/iipsrv.fcgi"))
                .filter(|file| file.is_file());
        }
        let mut files = env::split_paths(search_path).map(|folder| folder.join(self.name()));
        files.find(|file| file.is_file())
    }
}

/// Says that `what` is not measured for want of some of the peers, and how to install them. `None`
/// if all are there.
pub fn lacking(what: &str, needed: &[Peer]) -> Option<String> {
    let missing: Vec<Peer> =
        needed.iter().copied().filter(|peer| peer.program().is_none()).collect();
    (!missing.is_empty()).then(|| sentence(what, &missing))
}

fn sentence(what: &str, missing: &[Peer]) -> String {
    let names: Vec<&str> = missing.iter().map(|peer| peer.name()).collect();
    let mut packages: Vec<&str> = missing.iter().map(|peer| peer.debian_package()).collect();
    packages.dedup();
    let are = if names.len() == 1 { "is" } else { "are" };
    format!(
        "{what}: {} {are} not installed (Debian: `apt install {}`)",
        names.join(" and "),
        packages.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lacking_says_what_to_install() {
        assert_eq!(
            sentence("tiles / iipsrv", &[Peer::Iipsrv, Peer::Wrk]),
            "tiles / iipsrv: iipsrv and wrk are not installed (Debian: `apt install iipimage-server wrk`)"
        );
        assert_eq!(
            sentence("thumbnail", &[Peer::Vips, Peer::VipsThumbnail]),
            "thumbnail: vips and vipsthumbnail are not installed (Debian: `apt install libvips-tools`)"
        );
    }

    #[test]
    fn program_is_found_on_the_search_path_only_if_it_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("nginx")).unwrap();
        std::fs::write(folder.path().join("wrk"), "").unwrap();
        let path = folder.path().as_os_str();
        assert_eq!(Peer::Nginx.program_in(path), None);
        assert_eq!(Peer::Wrk.program_in(path), Some(folder.path().join("wrk")));
    }
}

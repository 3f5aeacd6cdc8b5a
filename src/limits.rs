//! Every number this server promises, in one place.

/// Bytes of wasm memory one request may need at its peak (the plan refuses more).
pub const MEMORY: u64 = 64 << 20;

/// Of [`MEMORY`], what code, stack, allocator slack and the request itself take.
pub const MEMORY_OVERHEAD: u64 = 10 << 20;

/// Bytes that the plans of all requests under way in an isolate of a Worker may need together. Of
/// the 128 MB that the platform gives it, replies on their way out take some, too.
pub const ADMITTED_MEMORY: u64 = 80 << 20;
/// Requests that wait for memory, in the order they came; further ones are 503 at once.
pub const ADMISSION_QUEUE: usize = 64;
/// Seconds they wait at most; then they are 503.
pub const ADMISSION_SECONDS: u32 = 20;
/// Seconds after which a request that is 503 may be sent again.
pub const RETRY_SECONDS: u32 = 5;
/// Bytes that a request may read before it is admitted: what a non-image reply takes.
pub const UNADMITTED_BYTES: u64 = 2 << 20;
/// Bytes for which a request is admitted that reads more than that without a plan.
pub const UNPLANNED_MEMORY: u64 = 8 << 20;

/// Pixels of work after which a computation gives the thread away: a millisecond in wasm. A cached
/// reply waits for a slice at each step of the event loop that it takes.
pub const SLICE_PIXELS: u64 = 100_000;
/// Slices after which the thread is given away although no other request is known.
pub const LONE_SLICES: u32 = 4;

/// Storage reads in flight at once: the platform allows six connections per request.
pub const CONCURRENT_READS: usize = 6;

/// Bytes of the first read of a pyramid: header, indexes and, in our layout, the small levels.
/// Of what an 800-pixel reply reads it is an eighth; a thumbnail of 100 pixels needs no more.
pub const HEADER_READ: u64 = 28 << 10;

/// The longest single read that coalescing may build.
pub const COALESCE_MAX: u64 = 4 << 20;

/// Of the bytes that are wanted, the part that coalescing may read in vain: one of so many.
pub const COALESCE_SHARE: u64 = 8;

/// Rounds of "needs more" before a stage is declared stuck: an object of another catalog takes one for
/// that catalog, one for its record, and one for the file that the record leads to.
pub const ROUNDS: usize = 12;

/// Reads, and bytes, that opening a third-party pyramid may take.
pub const OPEN_READS: usize = 6;
/// See [`OPEN_READS`].
pub const OPEN_BYTES: u64 = 600 << 10;

/// Bytes of an image on another server.
pub const REMOTE_BYTES: u64 = 32 << 20;
/// Seconds one answer of another server may take, its body included.
pub const REMOTE_SECONDS: u32 = 10;
/// Redirects that are followed to an image on another server.
pub const REMOTE_REDIRECTS: usize = 3;

/// Tiles of all levels together that an index may list (a gigapixel has some 21,000 of 256²).
pub const INDEX_TILES: u64 = 1 << 19;

/// Directories of a TIFF that are looked at; more are pages of a document.
pub const DIRECTORIES: u64 = 64;

/// Scans of one JPEG: encoders write about ten, and each costs a pass over all coefficients.
pub const JPEG_SCANS: usize = 200;

/// Samples of a pixel in a TIFF, those included that are not looked at (Photoshop has up to 56).
pub const SAMPLES: u64 = 64;

/// Bytes of a metadata block (XMP, Photoshop resources) that are read and handed out.
pub const METADATA_BYTES: u64 = 4 << 20;

/// Seconds for which what is remembered of an object (its version, that it is missing) is
/// trusted; then the store is asked. A published change is seen at most this much later.
pub const TRUST_SECONDS: u32 = 30;

/// Bytes that an isolate remembers of objects that were found, and how long: far below what a
/// request may need beside it.
pub const CACHE_BYTES: usize = 4 << 20;
/// See [`CACHE_BYTES`].
pub const CACHE_SECONDS: u32 = 3600;

/// Bytes that an isolate remembers of objects that are not there (some thousand names), and how
/// long: twice as long as anybody trusts it ([`TRUST_SECONDS`], [`CATALOG_SECONDS`]).
pub const MISSING_BYTES: usize = 512 << 10;
/// See [`MISSING_BYTES`].
pub const MISSING_SECONDS: u32 = 120;

/// Seconds for which caches outside may give a reply out after it is stale, while they ask again.
pub const STALE_SECONDS: u32 = 60;

/// Bytes of a request, path and query together.
pub const REQUEST_BYTES: usize = 8 << 10;

/// Bytes a request may grow to when its macros are expanded, and again when its variables are
/// put in.
pub const EXPANDED_BYTES: usize = 64 << 10;

/// Bytes of a compiled catalog, and of a record.
pub const CATALOG_BYTES: u64 = 1 << 20;
/// See [`CATALOG_BYTES`].
pub const RECORD_BYTES: u64 = 256 << 10;

/// The most bytes of a stored pyramid that one request of the preview page gets; it asks again for
/// more.
pub const PREVIEW_BYTES: u64 = 8 << 20;

/// Bytes of a third-party pyramid's index that its record may hold (about 600 megapixels); a longer
/// one lies beside the pyramid and takes a read of its own.
pub const RECORD_INDEX_BYTES: usize = 64 << 10;

/// Seconds that catalogs and records are remembered, and that there is none.
pub const CATALOG_SECONDS: u32 = 60;

/// Catalogs an isolate holds ready.
pub const CATALOGS: usize = 8;

/// Rules of a catalog.
pub const RULES: usize = 200;
/// Bytes of a rule's expression, and of what it is compiled to: the time a match takes is at
/// most the product of the latter and the request's length.
pub const EXPRESSION_BYTES: usize = 1 << 10;
/// See [`EXPRESSION_BYTES`].
pub const PROGRAM_BYTES: usize = 64 << 10;

/// Macros of a catalog.
pub const MACROS: usize = 5000;

/// Networks of an address filter.
pub const ADDRESSES: usize = 256;

/// Suffixes of an id, or names of a string, that one locale may have.
pub const LOCALE_VALUES: usize = 8;

/// Characters a signing key has at least.
pub const SIGNING_KEY_BYTES: usize = 32;

/// Requests within requests: how deep `src=is{…}` may go, where no catalog says `MaxNesting`.
pub const NESTING: usize = 8;

/// Requests within one request, all depths together, and the most that `MaxNesting` may be.
pub const NESTED_REQUESTS: usize = 32;

/// Layers and effects of one request, those of nested requests not counted.
pub const LAYERS: usize = 256;

/// Points of one path (`clipPath=`, `textPath=` …).
pub const PATH_POINTS: usize = 4096;

/// Levels of sets in sets.
pub const SET_DEPTH: usize = 8;
/// Members of one set, as many as Dynamic Media allows: each costs a read of its record.
pub const SET_MEMBERS: usize = 1000;
/// Members of a set whose pyramids are opened, since their records do not say their size; the
/// first bytes of each are held (see [`HEADER_READ`]), and the platform counts every read.
pub const SET_PYRAMIDS: usize = 200;
/// Levels of sets that name sets: each costs a round of reads.
pub const SET_LEVELS: usize = 4;
/// Items of a set and of all sets in it, as they are told.
pub const SET_ENTRIES: usize = 2000;

/// Suffixes of a catalog's LocaleMap that `req=xlate` looks for.
pub const TRANSLATIONS: usize = 100;

//! Every number this server promises, in one place.

/// Bytes of wasm memory one request may need at its peak (the plan refuses more).
pub const MEMORY: u64 = 64 << 20;

/// Of [`MEMORY`], what code, stack, allocator slack and the request itself take.
pub const MEMORY_OVERHEAD: u64 = 10 << 20;

/// Storage reads in flight at once: the platform allows six connections per request.
pub const CONCURRENT_READS: usize = 6;

/// Bytes of the first read of a pyramid: header, indexes and, in our layout, the small levels.
pub const HEADER_READ: u64 = 64 << 10;

/// The longest single read that coalescing may build.
pub const COALESCE_MAX: u64 = 4 << 20;

/// Rounds of "needs more" before a stage is declared stuck.
pub const ROUNDS: usize = 8;

/// Reads, and bytes, that opening a foreign pyramid may take.
pub const OPEN_READS: usize = 6;
/// See [`OPEN_READS`].
pub const OPEN_BYTES: u64 = 600 << 10;

/// Tiles of all levels together that an index may list (a gigapixel has some 21,000 of 256²).
pub const INDEX_TILES: u64 = 1 << 19;

/// Bytes of a metadata block (XMP, Photoshop resources) that are read and handed out.
pub const METADATA_BYTES: u64 = 4 << 20;

/// Seconds for which what is remembered of an object (its version, that it is missing) is
/// trusted; then the store is asked. A published change is seen at most this much later.
pub const TRUST_SECONDS: u32 = 30;

/// Bytes of a request, path and query together.
pub const REQUEST_BYTES: usize = 8 << 10;

/// Bytes a request may grow to when its macros are expanded, and again when its variables are
/// put in.
pub const EXPANDED_BYTES: usize = 64 << 10;

/// Requests within requests: how deep `src=is{…}` may go.
pub const NESTING: usize = 8;

/// Requests within one request, all depths together.
pub const NESTED_REQUESTS: usize = 32;

/// Layers and effects of one request, those of nested requests not counted.
pub const LAYERS: usize = 256;

/// Points of one path (`clipPath=`, `textPath=` …).
pub const PATH_POINTS: usize = 4096;

//! All limits of the server.

/// Maximum pixels of an AVIF that a request names: about 1920 × 1080. The encoder takes 1.2 seconds
/// for them, in which the isolate does nothing else.
pub const AVIF_PIXELS: u64 = 1 << 21;
/// Maximum pixels of a reply for which Smart Imaging tries AVIF: about 1024 × 1024.
pub const AVIF_TRIED_PIXELS: u64 = 1 << 20;

/// Peak memory of one request in wasm, in bytes; the plan refuses more.
pub const MEMORY: u64 = 64 << 20;

/// The part of [`MEMORY`] for code, stack, allocator slack and the request itself, in bytes.
pub const MEMORY_OVERHEAD: u64 = 10 << 20;

/// Bytes for the plans of all current requests of a Worker's isolate together. The platform gives
/// an isolate 128 MB, part of which holds replies that are being sent.
pub const ADMITTED_MEMORY: u64 = 80 << 20;
/// Requests that may wait for memory, first come, first served; further ones get a 503 at once.
pub const ADMISSION_QUEUE: usize = 64;
/// Maximum time that a request waits for memory, in seconds; then it gets a 503.
pub const ADMISSION_SECONDS: u32 = 20;
/// Seconds after which a client may repeat a request that got a 503.
pub const RETRY_SECONDS: u32 = 5;
/// Bytes that a request may read, so far or in one read, before it must be admitted. They suffice
/// for a non-image reply.
pub const UNADMITTED_BYTES: u64 = 2 << 20;
/// Minimum memory, in bytes, for which a request without a plan is admitted when it exceeds
/// [`UNADMITTED_BYTES`].
pub const UNPLANNED_MEMORY: u64 = 8 << 20;

/// Length of a time slice, in pixels of work: about a millisecond in wasm. Then a computation
/// yields the thread. A cached reply waits for one slice at each of its event loop steps.
pub const SLICE_PIXELS: u64 = 100_000;
/// Slices after which a computation yields the thread even if no other request competes for it.
pub const LONE_SLICES: u32 = 4;

/// Maximum work of one reply, in pixels: about four seconds in wasm. `cpu_ms` in wrangler.toml stops
/// a request after five. An image of 2000 × 2000 pixels is about 10 million.
pub const WORK: u64 = 400_000_000;

/// Storage reads in flight at once: the platform allows six connections per request.
pub const CONCURRENT_READS: usize = 6;

/// Bytes of the first read of a pyramid: header, directories and, in our layout, the small levels.
/// It is an eighth of the reads of an 800-pixel reply, and suffices for a 100-pixel thumbnail.
pub const HEADER_READ: u64 = 28 << 10;

/// Maximum length of a coalesced read, in bytes.
pub const COALESCE_MAX: u64 = 4 << 20;

/// Coalescing may waste at most 1 / this of the requested bytes.
pub const COALESCE_SHARE: u64 = 8;

/// Maximum batches of reads to open one image; then opening it fails.
pub const ROUNDS: usize = 12;

/// Maximum batches of look-ups of one request. An object of another catalog takes one for that
/// catalog, one for its record, and one for each file that the record names. Each depth of nested
/// requests takes as many.
pub const LOOKUP_ROUNDS: usize = 64;

/// Reads after which a third-party pyramid is opened without its remaining small levels.
pub const OPEN_READS: usize = 6;
/// Maximum bytes of an index that is stored beside a third-party pyramid.
pub const OPEN_BYTES: u64 = 600 << 10;

/// Maximum size of a remote image, in bytes.
pub const REMOTE_BYTES: u64 = 32 << 20;
/// Timeout of one read from a remote server, body included, in seconds.
pub const REMOTE_SECONDS: u32 = 10;
/// Maximum redirects that are followed to a remote image.
pub const REMOTE_REDIRECTS: usize = 3;

/// Maximum length of a key, in bytes: S3 and R2 allow no longer ones.
pub const KEY_BYTES: usize = 1024;

/// Maximum objects of a page of a list: S3 and R2 list no more at once.
pub const LIST_OBJECTS: usize = 1000;
/// Maximum lists of the store for one page. They look at about 10,000 objects.
pub const LIST_CALLS: usize = 12;

/// Maximum tiles of all levels of an index (a gigapixel has about 21,000 of 256 × 256 pixels).
pub const INDEX_TILES: u64 = 1 << 19;

/// Maximum directories of a TIFF that are read; further ones are ignored as pages of a document.
pub const DIRECTORIES: u64 = 64;

/// Maximum scans of one JPEG. Encoders write about ten; each costs a pass over all coefficients.
pub const JPEG_SCANS: usize = 200;

/// Maximum samples per pixel of a TIFF, including ignored ones (Photoshop has up to 56).
pub const SAMPLES: u64 = 64;

/// Maximum bytes of a metadata block (XMP, Photoshop resources) that is read and served.
pub const METADATA_BYTES: u64 = 4 << 20;

/// Lifetime of the cache entry of a pyramid's version, or of a missing pyramid or static file, in
/// seconds. Then it is looked up in the store, so a replaced pyramid is visible at most this late.
/// [`CATALOG_SECONDS`] applies to catalogs and records.
pub const TRUST_SECONDS: u32 = 30;

/// Bytes of an isolate's cache for existing objects: far less than the memory that a request may
/// need beside it.
pub const CACHE_BYTES: usize = 4 << 20;
/// Lifetime of the entries in the cache of [`CACHE_BYTES`], in seconds.
pub const CACHE_SECONDS: u32 = 3600;

/// Bytes of an isolate's cache of drawn layers. With the plans of all current requests
/// ([`ADMITTED_MEMORY`]) and the other caches they leave room for replies that are being sent.
pub const LAYER_CACHE_BYTES: usize = 8 << 20;
/// Maximum bytes of a layer in that cache: a megapixel with alpha. A larger layer is drawn again.
pub const CACHED_LAYER_BYTES: u64 = 4 << 20;
/// Maximum layers in that cache.
pub const CACHED_LAYERS: usize = 256;

/// Colour transforms in an isolate's cache. Each has at most 700 KB.
pub const TRANSFORMS: usize = 4;
/// Images for which the cache of transforms records that they contain a transform's profile.
pub const TRANSFORM_NAMES: usize = 32;
/// Maximum bytes of an ICC profile. Those of presses have about 550 KB, the largest 3 MB.
pub const PROFILE_BYTES: u64 = 4 << 20;
/// Bytes of an ICC profile that are read to learn what it describes: its header.
pub const PROFILE_HEADER: u64 = 128;
/// Bytes of the font files in an isolate's cache of fonts.
pub const FONT_CACHE_BYTES: usize = 6 << 20;
/// Maximum bytes of a font, and of all fonts that a request reads. Those of Chinese, Japanese and
/// Korean have up to 10 MB.
pub const FONT_BYTES: u64 = 12 << 20;
/// Bytes of a font that are read to learn its version and length: its header.
pub const FONT_HEADER: u64 = 12;
/// Maximum fonts of a request, with those of its nested requests.
pub const FONTS: usize = 24;
/// Maximum characters of one text.
pub const TEXT_CHARACTERS: usize = 16_384;
/// Minimum work of a layer that isolates share, in pixels: 10 ms in wasm, more than a look-up.
pub const SHARED_LAYER_WORK: u64 = 1_000_000;
/// Maximum bytes of such a layer. Larger ones take longer to transfer, and a copy is in memory
/// until it is stored.
pub const SHARED_LAYER_BYTES: u64 = 1 << 20;
/// Maximum look-ups of such layers for one request, and maximum layers that it stores.
pub const SHARED_LAYERS: usize = 4;

/// Bytes of an isolate's cache for missing objects (a few thousand names).
pub const MISSING_BYTES: usize = 512 << 10;
/// Lifetime of the entries in the cache of [`MISSING_BYTES`], in seconds: at least twice as long
/// as they are trusted ([`TRUST_SECONDS`], [`CATALOG_SECONDS`]).
pub const MISSING_SECONDS: u32 = 120;

/// Seconds for which external caches may serve a stale reply while they revalidate it.
pub const STALE_SECONDS: u32 = 60;

/// Maximum work of a reply that the log calls small, in pixels: 10 ms in wasm.
pub const SMALL_WORK: u64 = 1_000_000;
/// Maximum work of a reply that the log calls medium: 100 ms in wasm.
pub const MEDIUM_WORK: u64 = 10_000_000;
/// Maximum nodes of a plan whose times `Server-Timing` tells.
pub const TIMED_NODES: usize = 32;
/// Maximum bytes of a name or an error in the log.
pub const LOGGED_BYTES: usize = 500;
/// Maximum presets of a request that the log names.
pub const LOGGED_PRESETS: usize = 8;

/// Maximum bytes of `Cache-Tag`. Proxies with default settings refuse replies whose headers have
/// more than 4 KiB together.
pub const CACHE_TAG_BYTES: usize = 2 << 10;
/// Maximum tags in it: CloudFront ignores further ones.
pub const CACHE_TAGS: usize = 50;
/// Maximum bytes of one tag in it, which is Cloudflare's.
pub const TAG_BYTES: usize = 1 << 10;

/// Maximum bytes of a request, path and query together.
pub const REQUEST_BYTES: usize = 8 << 10;

/// Maximum bytes of the expanded macros of a request, of its values after the substitution of
/// variables, and of the request with all its nested requests.
pub const EXPANDED_BYTES: usize = 64 << 10;

/// Maximum bytes of a compiled catalog.
pub const CATALOG_BYTES: u64 = 1 << 20;
/// Maximum bytes of a record.
pub const RECORD_BYTES: u64 = 256 << 10;

/// Maximum bytes of a stored pyramid that one request of the preview page gets; the page requests
/// the others separately.
pub const PREVIEW_BYTES: u64 = 8 << 20;

/// Maximum bytes of a third-party pyramid's index in its record (about 600 megapixels). A longer
/// one is stored beside the pyramid and takes a read of its own.
pub const RECORD_INDEX_BYTES: usize = 64 << 10;

/// Lifetime of the cache entries of catalogs and records, existing or missing, in seconds.
pub const CATALOG_SECONDS: u32 = 60;

/// Parsed catalogs in the catalog cache of an isolate.
pub const CATALOGS: usize = 8;

/// Maximum rules of a catalog.
pub const RULES: usize = 200;
/// Maximum bytes of a rule's regular expression.
pub const EXPRESSION_BYTES: usize = 1 << 10;
/// Maximum bytes of a compiled regular expression. The time of a match is at most proportional to
/// the product of this and the request's length.
pub const PROGRAM_BYTES: usize = 64 << 10;

/// Maximum macros of a catalog.
pub const MACROS: usize = 5000;

/// Maximum networks of an address filter.
pub const ADDRESSES: usize = 256;

/// Maximum suffixes of an id, or names of a string, of one locale.
pub const LOCALE_VALUES: usize = 8;

/// Minimum length of a signing key (`SIGNING_KEYS`), in bytes.
pub const SIGNING_KEY_BYTES: usize = 32;

/// Maximum depth of nested requests (`src=is{…}`), unless the catalog sets `MaxNesting`.
pub const NESTING: usize = 8;

/// Maximum of `MaxNesting`. In the Worker, requests that are nested 28 deep fit the stack, and 32
/// deep do not (measured).
pub const NESTING_MAX: usize = 16;

/// Maximum nested requests of one request at all depths together.
pub const NESTED_REQUESTS: usize = 32;

/// Maximum layers and effects of one request, without those of nested requests.
pub const LAYERS: usize = 256;

/// Maximum layers of nested requests. Those of a request that several layers show count for each of
/// them, for the picture of each is planned on its own.
pub const NESTED_LAYERS: usize = 4096;

/// Maximum different images that the layers and masks of a request show, with those of all nested
/// requests. The first bytes of each stay in memory ([`HEADER_READ`]).
pub const LAYER_IMAGES: usize = 128;

/// Maximum steps of one path (`clipPath=`, `textPath=` …): moves, lines, curves and closings. An
/// embedded path (`clipPathE=` …) has at most as many records.
pub const PATH_POINTS: usize = 4096;
/// Maximum names of embedded paths in a request, with those in its nested requests.
pub const EMBEDDED_PATHS: usize = 64;
/// Maximum records of all these paths together. A record becomes up to 64 straight lines.
pub const EMBEDDED_RECORDS: usize = 8192;

/// Maximum depth of groups in an RTF text. Word processors write about ten.
pub const RTF_DEPTH: usize = 64;
/// Maximum different things of an RTF text that are listed as ignored.
pub const RTF_IGNORED: usize = 100;
/// Maximum tab stops of a paragraph. Each paragraph has a list of its own.
pub const TAB_STOPS: usize = 32;

/// Maximum depth of nested sets.
pub const SET_DEPTH: usize = 8;
/// Maximum members of a set, including those of the sets in it. Each costs a read of its record.
pub const SET_MEMBERS: usize = 1000;
/// Maximum members of a set whose pyramids are opened because their records lack the size. The
/// first bytes of each stay in memory ([`HEADER_READ`]), and the platform limits the reads.
pub const SET_PYRAMIDS: usize = 200;
/// Maximum depth of sets that name sets; each level costs a batch of reads.
pub const SET_LEVELS: usize = 4;
/// Maximum items in the reply for a set, including those of all sets in it.
pub const SET_ENTRIES: usize = 2000;

/// Maximum suffixes of a catalog's LocaleMap that `req=xlate` looks up.
pub const TRANSLATIONS: usize = 100;

/// Maximum bytes of an SVG, as in Dynamic Media (r-svg), before and after variables are inserted.
pub const SVG_BYTES: u64 = 1 << 20;
/// Maximum bytes of the document type of an SVG. Its entities can be repeated 255 times.
pub const SVG_ENTITY_BYTES: usize = 16 << 10;
/// Maximum elements, texts and comments of an SVG as it is stored.
pub const SVG_NODES: u32 = 1 << 17;
/// Maximum elements of an SVG once its references are followed: each takes about a kilobyte.
pub const SVG_ELEMENTS: u64 = 20_000;
/// Maximum depth of an SVG, references included. Its renderer calls itself for each.
pub const SVG_DEPTH: u32 = 64;
/// Maximum characters of the texts of an SVG, with those that its references repeat.
pub const SVG_CHARACTERS: u64 = 4096;
/// Maximum work of laying out the texts of an SVG, in characters that are shaped once.
pub const SVG_LAYOUT: u64 = 1 << 18;
/// Maximum points of all glyphs of an SVG, if each has as many as the most that any has.
pub const SVG_GLYPH_POINTS: u64 = 1 << 20;
/// Maximum side of an SVG in pixels, before it is scaled.
pub const SVG_SIDE: u32 = 1 << 20;
/// Maximum dashes of one line of an SVG.
pub const SVG_DASHES: f64 = 10_000.0;
/// Maximum distance that the filters of an SVG read or move a pixel, in pixels of the view. Beyond
/// it, the renderer's integers overflow.
pub const SVG_REACH: f64 = 100_000.0;
/// Memory of a cell of an SVG, in bytes. A cell that takes more is divided.
pub const SVG_CELL_MEMORY: u64 = 20 << 20;
/// Work of a cell of an SVG, in pixels: 0.1 seconds in wasm, in which nothing else runs. A cell that
/// takes more is divided.
pub const SVG_CELL_WORK: u64 = 10_000_000;
/// Maximum work of a cell of an SVG that cannot be divided: 0.4 seconds.
pub const SVG_WORK: u64 = 40_000_000;

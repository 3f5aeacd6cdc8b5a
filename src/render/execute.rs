//! Runs the nodes of a plan's graph.
//!
//! Rows stream from a source through conversion and operations to the canvas of the reply. The
//! canvas is then encoded.

use super::{place::Target, rows::RowSink, source};
use crate::{
    codec::{self, Codecs},
    error::{Error, Result},
    pixel::Raster,
    plan::{Flow, Plan, Step},
    store::Fetched,
    time_slice::TimeSlice,
};

/// Renders the canvas of the reply from the fetched tiles. The caller can drop the tiles
/// afterwards.
pub async fn draw(plan: &Plan, fetched: &Fetched, slice: &mut TimeSlice<'_>) -> Result<Raster> {
    let mut nodes = plan.graph.iter().map(|(_, node)| node);
    let place = nodes.find(|node| node.flow == Flow::Raster);
    let place = place.ok_or_else(|| Error::bug("the plan has no canvas"))?;
    let Step::Place(canvas) = place.step else {
        return Err(Error::bug("the plan has a raster that is no canvas"));
    };
    let flowing = plan.graph.row_inputs(place);
    let picture = flowing.last().and_then(|&id| plan.source(id).zip(plan.graph.get(id)));
    let area = picture.map(|(_, node)| node.area);
    let target = Target::new(canvas, place, area, slice).await;
    let Some((drawn, node)) = picture else { return Ok(target.finish()) };
    // `row_inputs` lists the node nearest to the canvas first; steps run in the opposite order.
    let steps = flowing.iter().rev().filter_map(|&id| plan.graph.get(id)).map(|node| &node.step);
    let rows = drawn.step.rows(node.area, node.pixel);
    let mut sink = RowSink::new(target.transposed(drawn.step.transposed), steps, rows);
    let object = fetched.object(drawn.key());
    source::draw(drawn, object, &mut sink, slice).await?;
    Ok(sink.finish())
}

/// Encodes the canvas of the reply.
pub async fn encode(
    codecs: &impl Codecs,
    plan: &Plan,
    canvas: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let Some(Step::Encode(options)) = plan.graph.last().map(|node| &node.step) else {
        return Err(Error::bug("the plan encodes nothing"));
    };
    codec::encode(codecs, options, canvas, slice).await
}

//! Descriptors (Adobe Photoshop File Formats Specification, "Descriptor structure").

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};

use super::{bytes::Bytes, value::Value};

/// The deepest descriptors that are read.
const DEPTH: usize = 32;

/// Reads a descriptor.
pub fn read(bytes: &mut Bytes) -> Result<Value> {
    descriptor(bytes, 0)
}

fn descriptor(bytes: &mut Bytes, depth: usize) -> Result<Value> {
    ensure!(depth < DEPTH, "a descriptor is too deep");
    let _name = bytes.unicode()?;
    let _class = key(bytes)?;
    let mut map = BTreeMap::new();
    for _ in 0..bytes.u32()? {
        let name = key(bytes)?;
        map.insert(name, value(bytes, depth)?);
    }
    Ok(Value::Map(map))
}

/// A name of any length, or of four characters.
fn key(bytes: &mut Bytes) -> Result<String> {
    let len = match bytes.u32()? {
        0 => 4,
        len => len as usize,
    };
    Ok(String::from_utf8_lossy(bytes.take(len)?).trim_end().to_owned())
}

fn value(bytes: &mut Bytes, depth: usize) -> Result<Value> {
    let kind = bytes.name()?;
    Ok(match &kind {
        b"Objc" | b"GlbO" => descriptor(bytes, depth + 1)?,
        b"VlLs" => {
            ensure!(depth < DEPTH, "a descriptor is too deep");
            let values = (0..bytes.u32()?).map(|_| value(bytes, depth + 1));
            Value::List(values.collect::<Result<_>>()?)
        }
        b"doub" => Value::Number(bytes.f64()?),
        b"UntF" => {
            bytes.name()?;
            Value::Number(bytes.f64()?)
        }
        b"long" => Value::Number(bytes.i32()?.into()),
        b"comp" => {
            bytes.take(8)?;
            Value::Other
        }
        b"bool" => Value::Flag(bytes.u8()? != 0),
        b"TEXT" => Value::Text(bytes.unicode()?),
        b"enum" => {
            key(bytes)?;
            Value::Text(key(bytes)?)
        }
        b"tdta" => Value::Bytes(bytes.part(false)?.0.to_vec()),
        b"alis" | b"Pth " => {
            bytes.part(false)?;
            Value::Other
        }
        b"type" | b"GlbC" => {
            bytes.unicode()?;
            key(bytes)?;
            Value::Other
        }
        b"obj " => {
            reference(bytes)?;
            Value::Other
        }
        other => bail!("a descriptor has a value of the kind {}", String::from_utf8_lossy(other)),
    })
}

/// A reference, which says nothing here.
fn reference(bytes: &mut Bytes) -> Result<()> {
    for _ in 0..bytes.u32()? {
        let kind = bytes.name()?;
        if matches!(&kind, b"Idnt" | b"indx") {
            bytes.u32()?;
            continue;
        }
        bytes.unicode()?;
        key(bytes)?;
        match &kind {
            b"Clss" => {}
            b"prop" => drop(key(bytes)?),
            b"Enmr" => {
                key(bytes)?;
                key(bytes)?;
            }
            b"rele" => drop(bytes.u32()?),
            b"name" => drop(bytes.unicode()?),
            _ => bail!("a descriptor has an unknown reference"),
        }
    }
    Ok(())
}

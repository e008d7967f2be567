//! Random changes of JSON values, from a seed.

use bayplan::value::{Value, json};

/// A small generator of pseudo-random numbers: what it gives depends on its seed alone.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `sides`, or 0 where there is none.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let high = usize::try_from(self.0 >> 33).unwrap_or(0);
        if sides == 0 { 0 } else { high % sides }
    }
}

/// Changes one place of the value: removes it, replaces it, or adds a field below it.
pub fn mutate(value: &mut Value, dice: &mut Dice) {
    let places = count(value);
    let mut wanted = dice.roll(places);
    if let Some(place) = nth(value, &mut wanted) {
        change(place, dice);
    }
}

fn change(place: &mut Value, dice: &mut Dice) {
    if dice.roll(3) > 0 {
        match place {
            Value::Object(fields) if dice.roll(2) == 0 => {
                let removed = fields.keys().nth(dice.roll(fields.len())).cloned();
                removed.and_then(|key| fields.remove(&key));
                return;
            }
            Value::Object(fields) => {
                fields.insert("unforeseen".to_owned(), scalar(dice));
                return;
            }
            Value::Array(items) => {
                items.push(scalar(dice));
                return;
            }
            _ => {}
        }
    }
    *place = scalar(dice);
}

/// A value of any type but null, which the API server takes for a field that is not there.
pub fn scalar(dice: &mut Dice) -> Value {
    let choices = [
        json!("text"),
        json!(""),
        json!(1),
        json!(-5),
        json!(1.5),
        json!(true),
        json!({}),
        json!([]),
        json!({ "a": 1 }),
    ];
    choices[dice.roll(choices.len())].clone()
}

fn count(value: &Value) -> usize {
    let below: usize = match value {
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    };
    below + 1
}

fn nth<'a>(value: &'a mut Value, wanted: &mut usize) -> Option<&'a mut Value> {
    if *wanted == 0 {
        return Some(value);
    }
    *wanted -= 1;
    match value {
        Value::Object(fields) => fields.values_mut().find_map(|value| nth(value, wanted)),
        Value::Array(items) => items.iter_mut().find_map(|value| nth(value, wanted)),
        _ => None,
    }
}

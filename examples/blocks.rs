//! Shows what a reader makes of a file.
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let d = gongkai::import::read(&bytes, gongkai::import::format_of(&bytes, &path).unwrap()).unwrap();
    for b in &d.blocks { match b {
        gongkai::import::block::Block::Table(g) => { println!("TABLE {}x{} {:?}", g.rows, g.cols, g.place); for r in g.by_row() { println!("   {}", r.iter().map(|c| format!("[{},{} {}x{} {:?}]", c.row,c.col,c.rowspan,c.colspan,c.text)).collect::<Vec<_>>().join(" ")); } }
        o => println!("{:?}", o.text()) } }
}

//! Keeps the first load in one piece: what the page needs at once is one script, however much of it later pages use too.

/** What the bundler tells of a module. */
type Graph = {
  getModuleInfo: (id: string) => { isEntry: boolean; importers: readonly string[] } | null;
};

/** The name of the first load's chunk for what the entry reaches without being asked; nothing for the rest. */
export function firstLoad(id: string, graph: Graph): string | null {
  const met = new Set<string>();
  const ways = [id];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    if (met.has(way)) continue;
    met.add(way);
    const info = graph.getModuleInfo(way);
    if (info?.isEntry) return "first";
    ways.push(...(info?.importers ?? []));
  }
  return null;
}

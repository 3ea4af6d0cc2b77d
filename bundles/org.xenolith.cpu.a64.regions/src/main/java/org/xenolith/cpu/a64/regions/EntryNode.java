// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.CodePage;
import org.xenolith.a64.graph.Node;

/** Stands where branches lead to: counts how often, and enters the region once there is one. */
final class EntryNode extends Node {
  private final RegionEngine engine;
  private final CodePage page;
  private final Node plain;
  private final int look;
  private int heat;
  /** Written by the translator's thread: all of it is final, and when it is seen first never shows. */
  private Region region;

  /**
   * @param heat branches to go until it is hot
   * @param look branches to go when it is asked whether there is a region of it already
   */
  EntryNode(RegionEngine engine, CodePage page, Node plain, int heat, int look) {
    this.look = look;
    this.engine = engine;
    this.page = page;
    this.plain = plain;
    this.heat = heat;
    off = plain.off;
  }

  RegionEngine engine() {
    return engine;
  }

  CodePage page() {
    return page;
  }

  @Override
  public Node plain() {
    return plain;
  }

  /** There is a region now. */
  void enters(Region newRegion) {
    region = newRegion;
  }

  /** It is being translated, or is already: no need to ask again. */
  boolean asked() {
    return heat <= 0;
  }

  /** Is not to ask. */
  void ask() {
    heat = 0;
  }

  /** Whether it was branched to as often as {@code part} of what makes it hot. */
  boolean warm(int threshold, int part) {
    return heat <= threshold - threshold / part;
  }

  @Override
  public Node exec(Cpu c, long[] x) {
    Region r = region;
    if (r == null) {
      if (heat > 0) {
        heat--;
        if (heat == 0) {
          engine.hot(page, this);
        } else if (heat == look) {
          engine.look(page, this);
        }
      }
      return plain.exec(c, x);
    }
    return r.enterable(c) ? engine.run(r, c, x) : plain.exec(c, x);
  }

  /** The region that is entered here, or null. */
  Region region() {
    return region;
  }

  @Override
  public void dropped() {
    if (region != null) {
      region.va = Region.NOWHERE;
    }
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.util.Arrays;
import org.xenolith.machine.kit.PerChunk;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.isa.X64Decoder;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Trait;

/**
 * The decoded pages of one engine, by physical address and mode, until somebody writes to what was decoded, or there are so many that all of them are dropped: a guest that
 * runs on through its memory would have the host's else.
 */
final class X64DecodedPages implements Ram.CodeListener {
  private static final int PAGE = 4096;
  private static final int LONGEST = 15;
  /** Instructions that are decoded at once: what stands behind code that is never left straight on may be data. */
  private static final int MOST = 64;
  /** Bytes of a page without instructions, and of an instruction with its operands, about. */
  private static final int PAGE_BYTES = 16 << 10;
  private static final int NODE_BYTES = 96;

  private final X64Interpreter engine;
  private final X64Core cpu;
  private final X64NodeFactory factory;
  private final X64Decoder decoder;
  private final X64Instruction insn = new X64Instruction();
  private final byte[] bytes = new byte[PAGE];
  private final PerChunk<X64CodePage[]> pages = new PerChunk<>();
  /** Bytes that pages may have, and that they have, about. */
  private final long most;
  private long held;

  /** @param most bytes that decoded pages may have */
  X64DecodedPages(X64Interpreter engine, X64Core cpu, long most) {
    this.engine = engine;
    this.cpu = cpu;
    this.most = most;
    decoder = new X64Decoder(cpu.model.features());
    factory = new X64NodeFactory(engine);
  }

  X64Decoder decoder() {
    return decoder;
  }

  /** The page at an offset in a chunk, as the current mode reads it; empty if it is new. */
  X64CodePage at(Ram ram, int offset) {
    X64Core c = cpu;
    makeRoom();
    X64CodePage[] chunk = pages.get(ram);
    if (chunk == null) {
      chunk = new X64CodePage[ram.size >> Ram.PAGE_SHIFT];
      pages.put(ram, chunk);
    }
    int number = offset >> Ram.PAGE_SHIFT;
    X64CodePage page = chunk[number];
    while (page != null && (page.mode != c.mode || page.flat != c.flat)) {
      page = page.other;
    }
    if (page == null) {
      page = new X64CodePage(ram, offset, c.mode, c.flat);
      page.other = chunk[number];
      chunk[number] = page;
      held += PAGE_BYTES;
      ram.markCode(offset);
      c.mmu.codeMarkedForAll(ram.base + offset);
    }
    return page;
  }

  /** Decodes from an offset on, up to what never continues straight on, what is decoded already, {@link #MOST} instructions, or the end of the page. */
  private void decode(X64CodePage page, int from) {
    page.ram.read(page.offset, bytes, 0, PAGE);
    X64Node previous = null;
    int count = 0;
    for (int at = from;; count++) {
      X64Node node = at >= PAGE || count >= MOST ? new X64ContinueNode(engine, at) : page.nodes[at];
      boolean known = node != null;
      boolean ends = false;
      if (!known) {
        int length = decoder.decode(bytes, at, PAGE, page.mode, insn);
        if (length == X64Decoder.TRUNCATED) {
          node = new X64SplitNode(this, page);
          node.end = PAGE;
          ends = true;
        } else if (length < 0) {
          node = new X64RefusedNode(length == X64Decoder.TOO_LONG ? X64Vector.GP : X64Vector.UD);
          // Any byte that an instruction could have here may have refused it.
          node.end = Math.min(PAGE, at + LONGEST);
          ends = true;
        } else {
          node = factory.create(page, insn, at);
          node.end = at + length;
          ends = insn.insn().is(X64Trait.ENDS_BLOCK);
        }
        node.off = at;
        page.nodes[at] = page.ram.isBreakpoint(page.offset + at) ? new X64BreakpointNode(node) : node;
        page.decoded++;
        held += NODE_BYTES;
      }
      if (previous != null) {
        previous.next = known ? node : page.nodes[at];
      }
      if (known || ends) {
        if (!known && ends && !(node instanceof X64RefusedNode)) {
          node.next = new X64ContinueNode(engine, node.end);
        }
        return;
      }
      previous = node;
      at = node.end;
    }
  }

  /** The node at an offset of a page, decoded if need be; null if the page isn't what it was. */
  X64Node node(X64CodePage page, int offset) {
    if (page.nodes[offset] == null) {
      if (!page.live) {
        return null;
      }
      decode(page, offset);
    }
    return page.nodes[offset];
  }

  /** The instruction that some bytes are, at an offset of a page. May throw {@code X64Fault}. */
  X64Node whole(X64CodePage page, byte[] code, int offset) {
    int length = decoder.decode(code, 0, LONGEST, page.mode, insn);
    if (length < 0) {
      throw cpu.fault(length == X64Decoder.UNDEFINED ? X64Vector.UD : X64Vector.GP, 0);
    }
    X64Node node = factory.create(page, insn, offset);
    node.off = offset;
    node.end = offset + length;
    node.next = new X64ContinueNode(engine, node.end);
    return node;
  }

  /** Whether so many bytes at an offset of a page are a branch. */
  boolean isBranch(X64CodePage page, int offset, int length) {
    page.ram.read(page.offset + offset, bytes, 0, length);
    return isBranch(page, bytes, length);
  }

  /** Whether the first bytes of some code are a branch in a page's mode. */
  boolean isBranch(X64CodePage page, byte[] code, int length) {
    return decoder.decode(code, 0, length, page.mode, insn) > 0 && insn.insn().is(X64Trait.BRANCH);
  }

  @Override
  public void codeWritten(Ram ram, int offset, int length) {
    X64CodePage[] chunk = pages.get(ram);
    int number = offset >> Ram.PAGE_SHIFT;
    if (chunk == null || chunk[number] == null) {
      return;
    }
    int first = offset & PAGE - 1;
    int last = offset + length - 1 & PAGE - 1;
    boolean hit = false;
    for (X64CodePage page = chunk[number]; page != null; page = page.other) {
      hit |= page.covers(first, last);
    }
    if (!hit) {
      // Data beside code: what is decoded stays, and so does the mark.
      ram.markCode(offset);
      return;
    }
    for (X64CodePage page = chunk[number]; page != null; page = page.other) {
      drop(page);
    }
    chunk[number] = null;
    cpu.refetch = true;
    cpu.attention();
  }

  private void drop(X64CodePage page) {
    page.live = false;
    Arrays.fill(page.nodes, null);
    held -= PAGE_BYTES + (long) page.decoded * NODE_BYTES;
    page.decoded = 0;
  }

  /** Drops all pages if they have more than they may. Who calls it goes on in a page that it looks up afterwards. */
  void makeRoom() {
    if (held > most) {
      clear();
      cpu.mmu.dropEngineCode();
    }
  }

  /** Bytes that decoded pages have, about. */
  long held() {
    return held;
  }

  /** Nothing is decoded any more. */
  void clear() {
    for (X64CodePage[] chunk : pages.values()) {
      for (X64CodePage first : chunk) {
        for (X64CodePage page = first; page != null; page = page.other) {
          drop(page);
        }
      }
    }
    pages.clear();
  }
}

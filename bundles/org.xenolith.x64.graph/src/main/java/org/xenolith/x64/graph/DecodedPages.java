// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.PerChunk;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Trait;

/**
 * The decoded pages of one engine, by physical address and mode, until somebody writes to what was decoded, or there are so many that all of them are dropped: a guest that
 * runs on through its memory would have the host's else.
 */
final class DecodedPages implements Ram.CodeListener {
  private static final int PAGE = 4096;
  private static final int LONGEST = 15;
  /** Instructions that are decoded at once: what stands behind code that is never left straight on may be data. */
  private static final int MOST = 64;
  /** Bytes of a page without instructions, and of an instruction with its operands, about. */
  private static final int PAGE_BYTES = 16 << 10;
  private static final int NODE_BYTES = 96;

  private final Interpreter engine;
  private final Core cpu;
  private final NodeFactory factory;
  private final Decoder decoder;
  private final Instruction insn = new Instruction();
  private final byte[] bytes = new byte[PAGE];
  private final PerChunk<CodePage[]> pages = new PerChunk<>();
  /** Bytes that pages may have, and that they have, about. */
  private final long most;
  private long held;

  /** @param most bytes that decoded pages may have */
  DecodedPages(Interpreter engine, Core cpu, long most) {
    this.engine = engine;
    this.cpu = cpu;
    this.most = most;
    decoder = new Decoder(cpu.model.features());
    factory = new NodeFactory(engine);
  }

  Decoder decoder() {
    return decoder;
  }

  /** The page at an offset in a chunk, as the current mode reads it; empty if it is new. */
  CodePage at(Ram ram, int offset) {
    Core c = cpu;
    makeRoom();
    CodePage[] chunk = pages.get(ram);
    if (chunk == null) {
      chunk = new CodePage[ram.size >> Ram.PAGE_SHIFT];
      pages.put(ram, chunk);
    }
    int number = offset >> Ram.PAGE_SHIFT;
    CodePage page = chunk[number];
    while (page != null && (page.mode != c.mode || page.flat != c.flat)) {
      page = page.other;
    }
    if (page == null) {
      page = new CodePage(ram, offset, c.mode, c.flat);
      page.other = chunk[number];
      chunk[number] = page;
      held += PAGE_BYTES;
      ram.markCode(offset);
      c.env.codeMarked(ram.base + offset);
    }
    return page;
  }

  /** Decodes from an offset on, up to what never continues straight on, what is decoded already, {@link #MOST} instructions, or the end of the page. */
  private void decode(CodePage page, int from) {
    page.ram.read(page.offset, bytes, 0, PAGE);
    Node previous = null;
    int count = 0;
    for (int at = from;; count++) {
      Node node = at >= PAGE || count >= MOST ? new ContinueNode(engine, at) : page.nodes[at];
      boolean known = node != null;
      boolean ends = false;
      if (!known) {
        int length = decoder.decode(bytes, at, PAGE, page.mode, insn);
        if (length == Decoder.TRUNCATED) {
          node = new SplitNode(this, page);
          node.end = PAGE;
          ends = true;
        } else if (length < 0) {
          node = new RefusedNode(length == Decoder.TOO_LONG ? ExceptionVector.GP : ExceptionVector.UD);
          // Any byte that an instruction could have here may have refused it.
          node.end = Math.min(PAGE, at + LONGEST);
          ends = true;
        } else {
          node = factory.create(page, insn, at);
          node.end = at + length;
          ends = insn.insn().is(Trait.ENDS_BLOCK);
        }
        node.off = at;
        page.nodes[at] = page.ram.isBreakpoint(page.offset + at) ? new BreakpointNode(node) : node;
        page.decoded++;
        held += NODE_BYTES;
      }
      if (previous != null) {
        previous.next = known ? node : page.nodes[at];
      }
      if (known || ends) {
        if (!known && ends && !(node instanceof RefusedNode)) {
          node.next = new ContinueNode(engine, node.end);
        }
        return;
      }
      previous = node;
      at = node.end;
    }
  }

  /** The node at an offset of a page, decoded if need be; null if the page isn't what it was. */
  @Nullable
  Node node(CodePage page, int offset) {
    if (page.nodes[offset] == null) {
      if (!page.live) {
        return null;
      }
      decode(page, offset);
    }
    return page.nodes[offset];
  }

  /** The instruction that some bytes are, at an offset of a page. May throw {@code CpuFault}. */
  Node whole(CodePage page, byte[] code, int offset) {
    int length = decoder.decode(code, 0, LONGEST, page.mode, insn);
    if (length < 0) {
      throw cpu.fault(length == Decoder.UNDEFINED ? ExceptionVector.UD : ExceptionVector.GP, 0);
    }
    Node node = factory.create(page, insn, offset);
    node.off = offset;
    node.end = offset + length;
    node.next = new ContinueNode(engine, node.end);
    return node;
  }

  /** Whether so many bytes at an offset of a page are a branch. */
  boolean isBranch(CodePage page, int offset, int length) {
    page.ram.read(page.offset + offset, bytes, 0, length);
    return isBranch(page, bytes, length);
  }

  /** Whether the first bytes of some code are a branch in a page's mode. */
  boolean isBranch(CodePage page, byte[] code, int length) {
    return decoder.decode(code, 0, length, page.mode, insn) > 0 && insn.insn().is(Trait.BRANCH);
  }

  @Override
  public void codeWritten(Ram ram, int offset, int length) {
    CodePage[] chunk = pages.get(ram);
    int number = offset >> Ram.PAGE_SHIFT;
    if (chunk == null || chunk[number] == null) {
      return;
    }
    int first = offset & PAGE - 1;
    int last = offset + length - 1 & PAGE - 1;
    boolean hit = false;
    for (CodePage page = chunk[number]; page != null; page = page.other) {
      hit |= page.covers(first, last);
    }
    if (!hit) {
      // Data beside code: what is decoded stays, and so does the mark.
      ram.markCode(offset);
      return;
    }
    for (CodePage page = chunk[number]; page != null; page = page.other) {
      drop(page);
    }
    chunk[number] = null;
    cpu.refetch = true;
    cpu.attention();
  }

  private void drop(CodePage page) {
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
    for (CodePage[] chunk : pages.values()) {
      for (CodePage first : chunk) {
        for (CodePage page = first; page != null; page = page.other) {
          drop(page);
        }
      }
    }
    pages.clear();
  }
}

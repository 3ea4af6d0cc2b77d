// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.CodeEntry;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.kit.EngineShare;
import org.xenolith.machine.kit.PerChunk;
import org.xenolith.machine.kit.Ram;

/**
 * Executes decoded instructions as a chain of closures: each does its work and returns the next one. Pages are decoded when
 * first executed, kept by physical address, and dropped when somebody writes to them, or when there are so many that all are: a guest that runs on through its memory
 * would have the host's else.
 */
public final class Interpreter implements CpuEngine, Ram.CodeListener {
  /** Bytes of a page without instructions, and of an instruction, about. */
  private static final int PAGE_BYTES = 4 << 10;
  private static final int NODE_BYTES = 64;

  private final Cpu cpu;
  private final BranchTargets targets;
  private final CodeEntry[] code;
  private final NodeFactory factory;
  private final PerChunk<CodePage[]> pages = new PerChunk<>();
  private final FetchNode fetch = new FetchNode(this);
  private final Node pageEnd = new PageEndNode(this);
  private final DebugSteps debug;
  /** Bytes that pages may have, and that they have, about. */
  private final long most;
  private long held;

  /**
   * An engine for the CPU behind a port: a {@code CpuEngineFactory}.
   *
   * @throws org.xenolith.machine.api.ModelException if it is none of Arm's
   */
  public static Interpreter on(CpuPort port) {
    return new Interpreter(port.as(Cpu.class));
  }

  /** An engine for a CPU that executes every instruction as it is. */
  public Interpreter(Cpu cpu) {
    this(cpu, (page, target) -> target);
  }

  /** @param targets puts nodes of its own where branches lead to */
  public Interpreter(Cpu cpu, BranchTargets targets) {
    this(cpu, targets, EngineShare.bytes(cpu.env.cpus().size()));
  }

  /** @param most bytes that decoded pages may have, about */
  Interpreter(Cpu cpu, BranchTargets targets, long most) {
    this.cpu = cpu;
    this.most = most;
    this.targets = targets;
    this.code = cpu.code;
    this.factory = new NodeFactory(this, this::jump, cpu);
    this.debug = new DebugSteps(this);
    cpu.mmu.forgetCode();
    cpu.listenToCode(this);
  }

  @Override
  public long run(long budget) {
    Cpu c = cpu;
    c.begin(budget);
    while (c.more()) {
      c.refetch = false;
      slice();
    }
    return c.end();
  }

  /** Executes from {@code Cpu.pc} on until {@code Cpu.left}, which isn't 0, is used up. */
  public void slice() {
    Cpu c = cpu;
    if (c.debug.armed()) {
      debug.run();
      return;
    }
    if (c.illegal != 0) {
      c.exceptions.illegalState();
      if (--c.left <= 0) {
        return;
      }
    }
    Node node = jump(c.pc);
    node = c.counting.branches() ? CountedExecution.run(this, c, node) : execute(node);
    c.pc = c.page + node.off;
  }

  /** Executes until {@code Cpu.left} is used up. Returns the node that comes next. */
  private Node execute(Node node) {
    Cpu c = cpu;
    long[] x = c.x;
    for (;;) {
      try {
        // Eight call sites instead of one: measured 12 to 18 % faster than a plain loop.
        do {
          node = node.exec(c, x);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, x);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, x);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, x);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, x);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, x);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, x);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, x);
        } while (--c.left > 0);
        return node;
      } catch (GuestFault fault) {
        c.pc = c.page + node.off;
        c.exceptions.takeNoted();
        node = jump(c.pc);
        if (--c.left <= 0) {
          return node;
        }
      }
    }
  }

  /** The node at a virtual address, in the page that becomes the current one. */
  public Node jump(long va) {
    Cpu c = cpu;
    CodeEntry entry = code[Cpu.tlbIndex(va) & code.length - 1];
    if (entry.tag == (va & -4096 | c.fetchContext) && entry.code instanceof CodePage page) {
      Node node = page.nodes[(int) va >>> 2 & CodePage.WORDS - 1];
      if (node != null && (va & 3) == 0) {
        c.page = va & -4096;
        return node;
      }
    }
    return find(va);
  }

  private Node find(long target) {
    Cpu c = cpu;
    long va = c.mmu.branchTarget(target);
    makeRoom();
    if ((va & 3) == 0) {
      try {
        CodeEntry entry = c.mmu.code(va);
        CodePage page = entry.code instanceof CodePage known && known.live ? known : page(entry);
        if (page != null) {
          int slot = (int) va >>> 2 & CodePage.WORDS - 1;
          if (page.nodes[slot] == null) {
            decode(page, slot);
            page.nodes[slot] = target(page, page.nodes[slot]);
          }
          c.page = va & -4096;
          return page.nodes[slot];
        }
      } catch (GuestFault fault) {
        // The instruction that can't be fetched takes it, if nothing comes before it.
      }
    }
    c.page = va & -4096;
    fetch.off = (int) va & 0xFFF;
    return fetch;
  }

  /** The decoded page behind a TLB entry, empty if it is new; null if no RAM is there. */
  private @Nullable CodePage page(CodeEntry entry) {
    Ram ram = cpu.env.bus().readable(entry.frame);
    if (ram == null) {
      return null;
    }
    CodePage[] chunk = pages.get(ram);
    if (chunk == null) {
      chunk = new CodePage[ram.size >> Ram.PAGE_SHIFT];
      pages.put(ram, chunk);
    }
    int offset = (int) (entry.frame - ram.base);
    CodePage page = chunk[offset >> Ram.PAGE_SHIFT];
    if (page == null) {
      page = new CodePage(ram, offset);
      chunk[offset >> Ram.PAGE_SHIFT] = page;
      keeps(page, PAGE_BYTES);
      ram.markCode(offset);
      for (Cpu each : cpu.env.cpus()) {
        each.mmu.codeMarked();
      }
    }
    entry.code = page;
    return page;
  }

  /** Decodes from a word on, up to what never continues straight on, what is decoded already, or the end of the page. */
  private void decode(CodePage page, int slot) {
    Node previous = null;
    boolean returned = false;
    for (int at = slot;; at++) {
      Node node = at == CodePage.WORDS ? pageEnd : page.nodes[at];
      boolean known = node != null;
      if (!known) {
        node = factory.create(page, page.word(at), at * 4);
        node.off = at * 4;
        if (page.hasBreakpoint(at)) {
          node = new BreakpointNode(node);
        }
        if (returned) {
          node = target(page, node);
        }
        returned = factory.calls();
        page.nodes[at] = node;
        keeps(page, NODE_BYTES);
      }
      if (previous != null) {
        previous.plain().next = node;
      }
      if (known || factory.endsBlock()) {
        return;
      }
      previous = node;
    }
  }

  /** What is to be where a branch leads to: nobody puts his own node in the place of a breakpoint. */
  private Node target(CodePage page, Node node) {
    return node instanceof BreakpointNode ? node : targets.target(page, node);
  }

  /** Something of that many bytes, about, is kept with a page, until that is dropped. */
  public void keeps(CodePage page, long bytes) {
    page.held += bytes;
    held += bytes;
  }

  /** Bytes that decoded pages have, about. */
  public long held() {
    return held;
  }

  /** Drops all pages if they have more than they may. Who calls it goes on in a page that it looks up afterwards. */
  private void makeRoom() {
    if (held > most) {
      clear();
      cpu.mmu.forgetCode();
      targets.dropped();
    }
  }

  /** The node of a word that a branch in the same page leads to, decoded if need be; null if the page isn't what it was, or was dropped. */
  Node target(CodePage page, int offset) {
    makeRoom();
    Node node = inPage(page, offset);
    if (node != null) {
      node = target(page, node);
      page.nodes[offset >> 2] = node;
    }
    return node;
  }

  /** The node of a word in the same page, decoded if need be; null if the page isn't what it was. */
  public @Nullable Node inPage(CodePage page, int offset) {
    int slot = offset >> 2;
    if (page.nodes[slot] == null) {
      if (!page.live) {
        return null;
      }
      decode(page, slot);
    }
    return page.nodes[slot];
  }

  /** The decoder of the CPU's features. */
  public Decoder decoder() {
    return factory.decoder();
  }

  Cpu cpu() {
    return cpu;
  }

  @Override
  public void codeWritten(Ram ram, int offset, int length) {
    CodePage[] chunk = pages.get(ram);
    int number = offset >> Ram.PAGE_SHIFT;
    if (chunk == null || chunk[number] == null) {
      return;
    }
    CodePage page = chunk[number];
    int first = (offset & 0xFFF) >> 2;
    int last = (offset + length - 1 & 0xFFF) >> 2;
    for (int slot = first; slot <= last; slot++) {
      if (page.nodes[slot] != null) {
        drop(page);
        chunk[number] = null;
        cpu.refetch = true;
        cpu.attention();
        return;
      }
    }
    // Data beside code: what is decoded stays, and so does the mark.
    ram.markCode(offset);
  }

  private void drop(CodePage page) {
    page.live = false;
    held -= page.held;
    page.held = 0;
    for (Node node : page.nodes) {
      if (node != null) {
        node.dropped();
      }
    }
    Arrays.fill(page.nodes, null);
  }

  private void clear() {
    for (CodePage[] chunk : pages.values()) {
      for (CodePage page : chunk) {
        if (page != null) {
          drop(page);
        }
      }
    }
    pages.clear();
  }

  @Override
  public void close() {
    cpu.stopListening(this);
    cpu.mmu.forgetCode();
    clear();
  }
}

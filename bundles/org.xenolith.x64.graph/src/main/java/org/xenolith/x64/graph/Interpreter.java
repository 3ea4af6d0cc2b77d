// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.kit.EngineShare;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.CodeEntry;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.Mmu;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;

/**
 * Executes decoded x86-64 instructions as a chain of closures: each does its work and returns the next one. Pages are decoded when first executed, kept by
 * physical address and mode, and dropped when somebody writes to what was decoded.
 */
public final class Interpreter implements CpuEngine {
  private static final int PAGE = 4096;
  private static final long NARROW = 0xFFFF_FFFFL;

  private final Core cpu;
  private final CodeEntry[] code;
  private final DecodedPages pages;
  private final Node fetch = new Fetch();
  private final CountedExecution counted;
  /** The page that the next instruction was fetched from, behind {@link #one}; null if that isn't known. */
  private @Nullable CodePage current;

  /**
   * An engine for the CPU behind a port: a {@code CpuEngineFactory}.
   *
   * @throws org.xenolith.machine.api.ModelException if it is none of x86-64's
   */
  public static Interpreter on(CpuPort port) {
    return new Interpreter(port.as(Core.class));
  }

  /** An engine for a CPU. */
  public Interpreter(Core cpu) {
    this(cpu, EngineShare.bytes(cpu.env.cpus()));
  }

  /** @param most bytes that decoded pages may have, about */
  Interpreter(Core cpu, long most) {
    this.cpu = cpu;
    code = cpu.code;
    pages = new DecodedPages(this, cpu, most);
    counted = new CountedExecution(this, cpu, pages);
    cpu.mmu.forgetCode();
    cpu.listenToCode(pages);
  }

  @Override
  public long run(long budget) {
    Core c = cpu;
    c.begin(budget);
    while (c.more()) {
      slice();
    }
    return c.end();
  }

  /** Executes what is granted: {@code Core.left} instructions from {@code Core.pc} on, which says behind them where to go on. */
  public void slice() {
    Core c = cpu;
    c.refetch = false;
    Node node = jump(c.linear(c.pc));
    node = c.stops() ? stopped(node) : c.counting.branches() ? counted.run(node) : execute(node);
    c.pc = pc(node.off);
  }

  // ---- For an engine that has no code for an instruction

  /**
   * Executes the instruction at {@code Core.pc}, of one that repeats all that are granted, or takes the exception that it causes. One at least is granted, and there are no
   * breakpoints on execution. {@link #page} then says what was fetched.
   */
  public void one() {
    current = null;
    one(jump(cpu.linear(cpu.pc)));
  }

  /**
   * The same of an instruction that was fetched already: it isn't looked up.
   *
   * @param ram    where its page is
   * @param page   offset of the page there
   * @param linear address of the page
   * @param offset of the instruction in the page
   */
  public void one(Ram ram, int page, long linear, int offset) {
    cpu.r[CpuState.PAGE] = linear;
    current = pages.at(ram, page);
    one(pages.node(current, offset));
  }

  private void one(Node first) {
    Core c = cpu;
    Node node = first;
    long before;
    do {
      before = c.left;
      Node at = node;
      try {
        node = at.exec(c, c.r);
      } catch (CpuFault fault) {
        node = fault(at);
      }
      c.left--;
      if (node != at && node != at.next) {
        current = fetched();
      }
      // What isn't an instruction isn't counted.
    } while (c.left == before);
    c.pc = pc(node.off);
    if (current != null && (node.off >= PAGE || current.nodes[node.off] != node)) {
      current = null;
    }
  }

  /** The page that was looked up last, if it is the current one. */
  @Nullable
  CodePage fetched() {
    long linear = cpu.r[CpuState.PAGE];
    CodeEntry entry = code[Mmu.index(linear)];
    return entry.tag == (linear | cpu.codeContext) && entry.code instanceof CodePage page ? page : null;
  }

  /** Executes what is granted from an instruction on that was fetched already; otherwise as {@link #slice}. */
  public void rest(Ram ram, int page, long linear, int offset) {
    cpu.r[CpuState.PAGE] = linear;
    cpu.pc = pc(execute(pages.node(pages.at(ram, page), offset)).off);
  }

  /** The instruction at {@code Core.pc}, which isn't done, takes the exception that was noted; its handler is looked up. */
  public void faulted() {
    Core c = cpu;
    c.events.takeNoted();
    jump(c.linear(c.pc));
    c.left--;
  }

  /** The chunk of the page that the instruction at {@code Core.pc} was fetched from behind {@link #one}; null if it wasn't yet. */
  public @Nullable Ram ram() {
    return current == null ? null : current.ram;
  }

  /** The offset of that page in its chunk. */
  public int page() {
    return current.offset;
  }

  /** RIP of what is at an offset in the current page. */
  long pc(int offset) {
    long pc = cpu.r[CpuState.PAGE] + offset - cpu.base[CpuState.CS];
    return cpu.mode == DecodeMode.LONG_64 ? pc : pc & NARROW;
  }

  /** With breakpoints on execution, or RF: one instruction at a time. */
  private Node stopped(Node node) {
    if (node instanceof BreakpointNode point && point.stops(cpu)) {
      cpu.left--;
      return node;
    }
    try {
      cpu.stopAt(cpu.r[CpuState.PAGE] + node.off);
    } catch (CpuFault breakpoint) {
      Node next = fault(node);
      cpu.left--;
      return next;
    }
    // RF holds for one instruction (Intel SDM volume 3, 18.3.1.1), for all of it if it repeats. An IRET may load it for the next one.
    int resumed = cpu.flags & FlagBits.RF;
    cpu.flags &= ~FlagBits.RF;
    Node next = cpu.counting.branches() ? counted.run(node) : execute(node);
    if (next == node && node.repeats()) {
      cpu.flags |= resumed;
    }
    return next;
  }

  /** Executes until {@code Core.left} is used up. Returns the node that comes next. */
  private Node execute(Node first) {
    Core c = cpu;
    long[] r = c.r;
    Node node = first;
    for (;;) {
      try {
        do {
          node = node.exec(c, r);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, r);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, r);
          if (--c.left <= 0) {
            return node;
          }
          node = node.exec(c, r);
        } while (--c.left > 0);
        return node;
      } catch (CpuFault fault) {
        node = fault(node);
        if (--c.left <= 0) {
          return node;
        }
      }
    }
  }

  /** The instruction takes the exception that was noted; returns what comes next. */
  Node fault(Node node) {
    Core c = cpu;
    if (node.usesStack()) {
      c.stackFault();
    }
    c.pc = pc(node.off);
    c.events.takeNoted();
    return jump(c.linear(c.pc));
  }

  /** The node at a linear address, in the page that becomes the current one. */
  public Node jump(long address) {
    Core c = cpu;
    CodeEntry entry = code[Mmu.index(address)];
    if (entry.tag == (address & -4096 | c.codeContext) && entry.code instanceof CodePage page && page.mode == c.mode && page.flat
        == c.flat) {
      Node node = page.nodes[(int) address & PAGE - 1];
      if (node != null) {
        c.r[CpuState.PAGE] = address & -4096;
        return node;
      }
    }
    return find(address);
  }

  /** Continues where {@code Core.pc} says. */
  Node resume() {
    return jump(cpu.linear(cpu.pc));
  }

  private Node find(long address) {
    Core c = cpu;
    pages.makeRoom();
    try {
      CodePage page = page(address);
      if (page != null) {
        Node node = pages.node(page, (int) address & PAGE - 1);
        c.r[CpuState.PAGE] = address & -4096;
        return node;
      }
    } catch (CpuFault fault) {
      // The instruction that can't be fetched takes it, if nothing comes before it.
    }
    c.r[CpuState.PAGE] = address & -4096;
    fetch.off = (int) address & PAGE - 1;
    return fetch;
  }

  /** The decoded page of a linear address in the current mode, empty if it is new; null if no RAM is there. */
  private @Nullable CodePage page(long address) {
    Core c = cpu;
    if (c.mode != DecodeMode.LONG_64 && (address - c.base[CpuState.CS] & NARROW) > c.limit[CpuState.CS]) {
      throw c.fault(ExceptionVector.GP, 0);
    }
    CodeEntry entry = c.mmu.code(address);
    if (entry.code instanceof CodePage known && known.live && known.mode == c.mode && known.flat == c.flat) {
      return known;
    }
    Ram ram = c.env.bus().readable(entry.frame);
    if (ram == null) {
      return null;
    }
    CodePage page = pages.at(ram, (int) (entry.frame - ram.base));
    entry.code = page;
    return page;
  }

  /** The node at an offset of the same page, which comes next, decoded if need be; null if the page isn't what it was, or was dropped. */
  Node inPage(CodePage page, int offset) {
    pages.makeRoom();
    return pages.node(page, offset);
  }

  /** Bytes that decoded pages have, about. */
  long held() {
    return pages.held();
  }

  /** Finds the forms of the CPU's instructions. */
  public Decoder decoder() {
    return pages.decoder();
  }

  @Override
  public void close() {
    cpu.stopListening(pages);
    cpu.mmu.forgetCode();
    pages.clear();
  }

  /** Stands for an instruction that could not be fetched: tries again and takes the exception. */
  private final class Fetch extends Node {
    @Override
    public Node exec(Core c, long[] r) {
      long address = r[CpuState.PAGE] + off;
      if (page(address) == null) {
        // What a bus without an answer reads, FF FF, is no instruction.
        throw c.fault(ExceptionVector.UD);
      }
      c.left++;
      return jump(address);
    }
  }
}

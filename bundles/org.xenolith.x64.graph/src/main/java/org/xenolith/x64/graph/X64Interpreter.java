// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.kit.EngineShare;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.X64Vector;
import org.xenolith.x64.arch.X64CodeEntry;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Fault;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64Mmu;
import org.xenolith.x64.arch.X64State;
import org.xenolith.x64.isa.X64Decoder;
import org.xenolith.x64.isa.X64Mode;

/**
 * Executes decoded x86-64 instructions as a chain of closures: each does its work and returns the next one. Pages are decoded when first executed, kept by
 * physical address and mode, and dropped when somebody writes to what was decoded.
 */
public final class X64Interpreter implements CpuEngine {
  private static final int PAGE = 4096;
  private static final long NARROW = 0xFFFF_FFFFL;

  private final X64Core cpu;
  private final X64CodeEntry[] code;
  private final X64DecodedPages pages;
  private final X64Node fetch = new Fetch();
  private final X64CountedExecution counted;
  /** The page that the next instruction was fetched from, behind {@link #one}; null if that isn't known. */
  private X64CodePage current;

  /**
   * An engine for the CPU behind a port: a {@code CpuEngineFactory}.
   *
   * @throws org.xenolith.machine.api.ModelException if it is none of x86-64's
   */
  public static X64Interpreter on(CpuPort port) {
    return new X64Interpreter(port.as(X64Core.class));
  }

  /** An engine for a CPU. */
  public X64Interpreter(X64Core cpu) {
    this(cpu, EngineShare.bytes(cpu.env.cpus()));
  }

  /** @param most bytes that decoded pages may have, about */
  X64Interpreter(X64Core cpu, long most) {
    this.cpu = cpu;
    code = cpu.code;
    pages = new X64DecodedPages(this, cpu, most);
    counted = new X64CountedExecution(this, cpu, pages);
    cpu.mmu.forgetCode();
    cpu.listenToCode(pages);
  }

  @Override
  public long run(long budget) {
    X64Core c = cpu;
    c.begin(budget);
    while (c.more()) {
      slice();
    }
    return c.end();
  }

  /** Executes what is granted: {@code X64Core.left} instructions from {@code X64Core.pc} on, which says behind them where to go on. */
  public void slice() {
    X64Core c = cpu;
    c.refetch = false;
    X64Node node = jump(c.linear(c.pc));
    node = c.stops() ? stopped(node) : c.counting.branches() ? counted.run(node) : execute(node);
    c.pc = pc(node.off);
  }

  // ---- For an engine that has no code for an instruction

  /**
   * Executes the instruction at {@code X64Core.pc}, of one that repeats all that are granted, or takes the exception that it causes. One at least is granted, and there are no
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
    cpu.r[X64State.PAGE] = linear;
    current = pages.at(ram, page);
    one(pages.node(current, offset));
  }

  private void one(X64Node first) {
    X64Core c = cpu;
    X64Node node = first;
    long before;
    do {
      before = c.left;
      X64Node at = node;
      try {
        node = at.exec(c, c.r);
      } catch (X64Fault fault) {
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
  X64CodePage fetched() {
    long linear = cpu.r[X64State.PAGE];
    X64CodeEntry entry = code[X64Mmu.index(linear)];
    return entry.tag == (linear | cpu.codeContext) && entry.code instanceof X64CodePage page ? page : null;
  }

  /** Executes what is granted from an instruction on that was fetched already; otherwise as {@link #slice}. */
  public void rest(Ram ram, int page, long linear, int offset) {
    cpu.r[X64State.PAGE] = linear;
    cpu.pc = pc(execute(pages.node(pages.at(ram, page), offset)).off);
  }

  /** The instruction at {@code X64Core.pc}, which isn't done, takes the exception that was noted; its handler is looked up. */
  public void faulted() {
    X64Core c = cpu;
    c.events.takeNoted();
    jump(c.linear(c.pc));
    c.left--;
  }

  /** The chunk of the page that the instruction at {@code X64Core.pc} was fetched from behind {@link #one}; null if it wasn't yet. */
  public Ram ram() {
    return current == null ? null : current.ram;
  }

  /** The offset of that page in its chunk. */
  public int page() {
    return current.offset;
  }

  /** RIP of what is at an offset in the current page. */
  long pc(int offset) {
    long pc = cpu.r[X64State.PAGE] + offset - cpu.base[X64State.CS];
    return cpu.mode == X64Mode.LONG_64 ? pc : pc & NARROW;
  }

  /** With breakpoints on execution, or RF: one instruction at a time. */
  private X64Node stopped(X64Node node) {
    if (node instanceof X64BreakpointNode point && point.stops(cpu)) {
      cpu.left--;
      return node;
    }
    try {
      cpu.stopAt(cpu.r[X64State.PAGE] + node.off);
    } catch (X64Fault breakpoint) {
      X64Node next = fault(node);
      cpu.left--;
      return next;
    }
    // RF holds for one instruction (Intel SDM volume 3, 18.3.1.1), for all of it if it repeats. An IRET may load it for the next one.
    int resumed = cpu.flags & X64Flags.RF;
    cpu.flags &= ~X64Flags.RF;
    X64Node next = cpu.counting.branches() ? counted.run(node) : execute(node);
    if (next == node && node.repeats()) {
      cpu.flags |= resumed;
    }
    return next;
  }

  /** Executes until {@code X64Core.left} is used up. Returns the node that comes next. */
  private X64Node execute(X64Node first) {
    X64Core c = cpu;
    long[] r = c.r;
    X64Node node = first;
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
      } catch (X64Fault fault) {
        node = fault(node);
        if (--c.left <= 0) {
          return node;
        }
      }
    }
  }

  /** The instruction takes the exception that was noted; returns what comes next. */
  X64Node fault(X64Node node) {
    X64Core c = cpu;
    if (node.usesStack()) {
      c.stackFault();
    }
    c.pc = pc(node.off);
    c.events.takeNoted();
    return jump(c.linear(c.pc));
  }

  /** The node at a linear address, in the page that becomes the current one. */
  public X64Node jump(long address) {
    X64Core c = cpu;
    X64CodeEntry entry = code[X64Mmu.index(address)];
    if (entry.tag == (address & -4096 | c.codeContext) && entry.code instanceof X64CodePage page && page.mode == c.mode && page.flat
        == c.flat) {
      X64Node node = page.nodes[(int) address & PAGE - 1];
      if (node != null) {
        c.r[X64State.PAGE] = address & -4096;
        return node;
      }
    }
    return find(address);
  }

  /** Continues where {@code X64Core.pc} says. */
  X64Node resume() {
    return jump(cpu.linear(cpu.pc));
  }

  private X64Node find(long address) {
    X64Core c = cpu;
    pages.makeRoom();
    try {
      X64CodePage page = page(address);
      if (page != null) {
        X64Node node = pages.node(page, (int) address & PAGE - 1);
        c.r[X64State.PAGE] = address & -4096;
        return node;
      }
    } catch (X64Fault fault) {
      // The instruction that can't be fetched takes it, if nothing comes before it.
    }
    c.r[X64State.PAGE] = address & -4096;
    fetch.off = (int) address & PAGE - 1;
    return fetch;
  }

  /** The decoded page of a linear address in the current mode, empty if it is new; null if no RAM is there. */
  private X64CodePage page(long address) {
    X64Core c = cpu;
    if (c.mode != X64Mode.LONG_64 && (address - c.base[X64State.CS] & NARROW) > c.limit[X64State.CS]) {
      throw c.fault(X64Vector.GP, 0);
    }
    X64CodeEntry entry = c.mmu.code(address);
    if (entry.code instanceof X64CodePage known && known.live && known.mode == c.mode && known.flat == c.flat) {
      return known;
    }
    Ram ram = c.env.bus().readable(entry.frame);
    if (ram == null) {
      return null;
    }
    X64CodePage page = pages.at(ram, (int) (entry.frame - ram.base));
    entry.code = page;
    return page;
  }

  /** The node at an offset of the same page, which comes next, decoded if need be; null if the page isn't what it was, or was dropped. */
  X64Node inPage(X64CodePage page, int offset) {
    pages.makeRoom();
    return pages.node(page, offset);
  }

  /** Bytes that decoded pages have, about. */
  long held() {
    return pages.held();
  }

  /** Finds the forms of the CPU's instructions. */
  public X64Decoder decoder() {
    return pages.decoder();
  }

  @Override
  public void close() {
    cpu.stopListening(pages);
    cpu.mmu.forgetCode();
    pages.clear();
  }

  /** Stands for an instruction that could not be fetched: tries again and takes the exception. */
  private final class Fetch extends X64Node {
    @Override
    public X64Node exec(X64Core c, long[] r) {
      long address = r[X64State.PAGE] + off;
      if (page(address) == null) {
        // What a bus without an answer reads, FF FF, is no instruction.
        throw c.fault(X64Vector.UD);
      }
      c.left++;
      return jump(address);
    }
  }
}

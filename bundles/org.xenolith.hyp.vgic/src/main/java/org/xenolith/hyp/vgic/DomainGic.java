// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.Arrays;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.kit.DomainPart;
import org.xenolith.regs.LongCell;

/**
 * What one domain's interrupt controller knows. Bit sets hold 32 interrupts a word, called a bank: bank {@code vcpu} has the
 * SGIs and PPIs of a virtual CPU, bank {@code vcpus - 1 + n} the interrupts 32n to 32n+31.
 *
 * <p>While a virtual CPU is loaded, the list registers of its physical CPU are the truth and {@link #lists} what was last
 * written to or read from them.
 */
final class DomainGic extends DomainPart {
  /** First shared interrupt. */
  static final int SPI = 32;
  /** Virtual CPUs that a GICv2 can name. */
  static final int V2_CPUS = 8;

  final int version;
  final int lines;
  private final int words;
  /** Where its frames are; set when its domain is known. */
  GicFacts facts;
  /** Null if it has no LPIs. */
  DomainLpis lpis;

  /** GICD_CTLR. */
  final LongCell control;
  /** One: forwarded. */
  final int[] enabled;
  /** Pending because of an edge, an SGI, or a physical interrupt that waits for a list register. */
  final int[] latched;
  /** Level of the input. */
  final int[] level;
  /** One: edge-triggered. */
  final int[] edge;
  /** One: active. Only what is in a list register is. */
  final int[] active;
  /** One: in a list register. */
  final int[] listed;
  /** One: a physical interrupt that the domain was given stands behind it. */
  final int[] routed;
  /** One: that physical interrupt was acknowledged, and nobody has deactivated it yet. */
  final int[] taken;
  private final byte[] priority;
  /** GICD_ITARGETSR byte (v2) or GICD_IROUTER (v3). */
  private final long[] route;
  /** For a shared interrupt in a list register: whose, plus one. */
  final int[] holder;
  /** Virtual CPUs from which SGI n is pending at virtual CPU v, at {@code 16v + n}; v2 only. */
  final byte[] sources;
  /** List registers, at {@code MOST_LISTS * vcpu}; 0 is a free one. */
  final long[] lists;
  /** The guest's CPU interfaces, at {@code INTERFACE * vcpu}. */
  final long[] interfaces;
  /** One: the maintenance interrupt is to come when list registers get free, a word each vCPU. */
  final int[] overflown;

  DomainGic(int serial, int version, int vcpus, int lines) {
    super(serial, vcpus);
    this.version = version;
    this.lines = lines;
    words = lines / 32;
    int banks = vcpus + words - 1;
    control = state.cell("GICD_CTLR", 0);
    enabled = state.ints("enabled", banks);
    latched = state.ints("latched", banks);
    level = state.ints("level", banks);
    edge = state.ints("edge", banks);
    active = state.ints("active", banks);
    listed = state.ints("listed", banks);
    routed = state.ints("routed", banks);
    taken = state.ints("taken", banks);
    priority = state.bytes("priority", banks * 32);
    route = state.longs("route", lines);
    holder = state.ints("holder", lines);
    sources = state.bytes("sgi-sources", vcpus * 16);
    lists = state.longs("lists", vcpus * PhysicalGic.MOST_LISTS);
    interfaces = state.longs("interfaces", vcpus * PhysicalGic.INTERFACE);
    overflown = state.ints("overflown", vcpus);
    for (int vcpu = 0; vcpu < vcpus; vcpu++) {
      // SGIs are always edges; enabled at reset as Xen and the GIC-400 have them.
      edge[vcpu] = 0xFFFF;
      enabled[vcpu] = 0xFFFF;
    }
    if (version == 2) {
      Arrays.fill(route, SPI, lines, 1);
    }
    DomainRegisters.show(this, state);
  }

  /** The bank that holds an interrupt of a virtual CPU. */
  int bank(int vcpu, int intid) {
    return intid < SPI ? vcpu : vcpus - 1 + (intid >> 5);
  }

  /** It has LPIs from now on. */
  void giveLpis() {
    lpis = new DomainLpis(state, vcpus);
  }

  /** Priority of an interrupt of a virtual CPU, an LPI or another one. */
  int priorityOf(int vcpu, int intid) {
    return DomainLpis.isLpi(intid) ? lpis.priority(intid) : priority(bank(vcpu, intid), intid);
  }

  int priority(int bank, int intid) {
    return priority[bank * 32 + (intid & 31)] & 0xFF;
  }

  void priority(int bank, int intid, int value) {
    priority[bank * 32 + (intid & 31)] = (byte) value;
  }

  /** GICD_ITARGETSR byte or GICD_IROUTER of a shared interrupt. */
  long route(int intid) {
    return route[intid];
  }

  void route(int intid, long value) {
    route[intid] = value;
  }

  /** The virtual CPU that a shared interrupt goes to: of several the first; vCPU 0 where the route names none. */
  int target(int intid) {
    int target;
    if (version == 2) {
      target = Long.numberOfTrailingZeros(route[intid]);
    } else {
      target = route[intid] < 0 || (route[intid] & IROUTER_MODE) != 0 ? 0 : vcpu(route[intid]);
    }
    return target >= 0 && target < vcpus ? target : 0;
  }

  /** "Any CPU". */
  private static final long IROUTER_MODE = 1L << 31;

  /** The virtual CPU with those affinity fields (as in IROUTER), or -1. */
  int vcpu(long affinity) {
    long id = affinity & 15 | affinity >> 4 & 0xFF0;
    return (affinity & 0xFF_00FF_00F0L) == 0 && id < vcpus ? (int) id : -1;
  }

  /** The affinity fields of a virtual CPU, in bits 15:0. */
  static int affinity(int vcpu) {
    return vcpu & 15 | (vcpu >> 4) << 8;
  }

  /** What waits in a bank for a list register. */
  int waiting(int bank) {
    return (latched[bank] | level[bank] & ~edge[bank]) & enabled[bank] & ~listed[bank];
  }

  /** Banks of shared interrupts, from {@link #vcpus}. */
  int banks() {
    return vcpus + words - 1;
  }

  /** Whether the distributor forwards interrupts: group 0 for v2, group 1 for v3. */
  boolean forwards() {
    return (control.value & (version == 2 ? 1 : 2)) != 0;
  }

  /** Whether a number is one of an interrupt here. */
  boolean has(int intid) {
    return intid >= 0 && intid < Math.min(lines, PhysicalGic.SPECIAL);
  }

  @Override
  protected String made() {
    return DomainGics.made(lines, lpis != null);
  }
}

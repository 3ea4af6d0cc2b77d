// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.platform.api.PlatformNode;

/**
 * PCI of a world: a root port with a rogue endpoint behind it, and two more on the root bus. One of those is Dom0's, with a message
 * that is mapped, as a witness; the others are a fuzzing domain's. Nobody enumerates: this gives them their places.
 */
final class PciBoard {
  /** What every board option needs. */
  static final List<String> OPTIONS = List.of("virtualization=on", "pcie=ecam", "iommu=smmuv3");
  /** Routing ids. */
  static final int ROOT_PORT = 0x08;
  static final int DOM0S = 0x10;
  /** Those that a fuzzing domain gets, at 00.0 and 01.0 of its virtual bus. */
  static final int[] GIVEN = {0x100, 0x18};
  /** Those that Dom0 tells of functions on: the SMMU's driver has a table for each. */
  static final int BUSES = 4;
  private static final String HOST = "/pcie@10000000";
  private static final long MEMORY = 0x1000_0000;
  private static final int[] ALL = {ROOT_PORT, GIVEN[0], DOM0S, GIVEN[1]};
  /** So much of configuration space has something in it. */
  private static final int CONFIGURATION = 0x180;
  /** Registers of BARs in it. */
  private static final int FIRST_BAR = 4;
  private static final int BEHIND_BARS = 10;
  /** BAR 0, 2 and 4 of a rogue, a page each, one behind another. */
  private static final int BARS = 3;
  /** Bytes of BAR 0 and BAR 4 with something in them. */
  private static final int REGISTERS = 64;
  private static final int PAGE = 4096;
  private static final long TRANSLATION = 0x1_0000;

  private static final long SMMU = 0x0905_0000;
  private static final int SMMU_STRTAB_BASE = 0x80;
  private static final int STREAMS_OF_BUS = 256 * 64;
  private static final int SMMU_CMDQ_BASE = 0x90;
  private static final int SMMU_EVENTQ_BASE = 0xA0;
  private static final long ADDRESS = 0xF_FFFF_FFFF_FFFFL;
  private static final int GICR_PROPBASER = 0x70;
  private static final int GICR_PENDBASER = 0x78;
  private static final int GITS_CBASER = 0x80;
  private static final int GITS_CWRITER = 0x88;
  private static final long VALID = 1L << 63;

  private final World world;
  private final HostBridgePort bridge;
  private final PciDevicesPort devices;
  private final VirtualGicPort gic;
  /** What was read of those that stay, and of all before a fuzzing domain. */
  private final int[][] space = new int[ALL.length][];
  private byte[] bytes = {};
  /** Calls of Dom0's that are still to be made. */
  private List<Runnable> calls = List.of();

  PciBoard(World world) {
    this.world = world;
    bridge = world.port(HostBridgesPort.class).all().getFirst();
    devices = world.port(PciDevicesPort.class);
    gic = world.port(VirtualGicPort.class);
  }

  // ---- the board

  static Fdt plug(Fdt tree) {
    return tree.edit(HOST, host -> host.withChild(node("root-port", 1).withChild(node("rogue", 0))).withChild(node("rogue", 2))
        .withChild(node("rogue", 3)));
  }

  private static FdtNode node(String model, int device) {
    return new FdtNode(model + "@" + device + ",0", List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "xenolith,pci-" + model))
        .withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, device + ".0"))
        .withProperty(FdtProperty.ofCells("reg", device << 11, 0, 0, 0, 0))
        .withProperty(FdtProperty.ofCells("#address-cells", 3)).withProperty(FdtProperty.ofCells("#size-cells", 2));
  }

  /** What firmware does, and a Dom0 that tells of the functions it found and sets two aside. */
  void begin() {
    bridge.write(ROOT_PORT, 0x18, 4, 0x01_01_00);
    bridge.write(ROOT_PORT, 0x20, 4, 0x1000_1000);
    bridge.write(ROOT_PORT, 0x24, 4, 0x0000_FFF0);
    bridge.write(ROOT_PORT, 4, 2, 6);
    for (int rid : ALL) {
      if (rid != ROOT_PORT) {
        bridge.write(rid, 0x10, 4, (int) bar(rid, 0));
        bridge.write(rid, 0x18, 4, (int) bar(rid, 1));
        bridge.write(rid, 0x1C, 4, 0);
        bridge.write(rid, 0x20, 4, (int) bar(rid, 2));
        bridge.write(rid, 4, 2, 6);
      }
    }
    tell();
    for (int bus = 2; bus < BUSES; bus++) {
      devices.add(bus << 8, 0, 0);
      devices.remove(bus << 8);
    }
    for (int i = 0; i < PAGE; i += 8) {
      world.bus.write(bar(DOM0S, 1) + i, 8, Witness.SECRET);
    }
    forgery();
  }

  private static long bar(int rid, int number) {
    return MEMORY + 0x10_0000L * (rid >= 0x100 ? 0 : rid >> 3) + (long) number * PAGE;
  }

  private void tell() {
    for (int rid : ALL) {
      GuestDomains.demand(devices.at(rid) == null ? devices.add(rid, 0, 0) : 0);
    }
    for (int rid : GIVEN) {
      devices.assignable(rid, true);
    }
  }

  /** What a guest reaches of devices beyond those of each: BARs of its own, and where messages go. */
  Set<Long> reachable() {
    Set<Long> frames = new HashSet<>();
    for (int rid : GIVEN) {
      for (int i = 0; i < BARS - 1; i++) {
        frames.add(bar(rid, i) >>> 12);
      }
    }
    long base = world.port(DeviceMessagesPort.class).facts(world.dom0).registers().base() + TRANSLATION;
    for (long at = base; at < base + TRANSLATION; at += PAGE) {
      frames.add(at >>> 12);
    }
    return frames;
  }

  /** Makes the witness's message 0 an LPI of Dom0's, sends it to see that Dom0 would take it, and takes it back. */
  private void forgery() {
    VirtualGic.GicFacts facts = gic.facts(world.dom0);
    long base = world.port(DeviceMessagesPort.class).facts(world.dom0).registers().base();
    long tables = (ArmVcpu.of(world.dom0.vcpu(0)).context().pc() & -1 << 21) + (1 << 21);
    world.memory.write8(tables + PAGE, (byte) 0xA1);
    dom0(facts.distributor(), 4, 0x12);
    dom0(facts.second() + GICR_PROPBASER, 8, tables + PAGE | 13);
    dom0(facts.second() + GICR_PENDBASER, 8, tables + 0x1_0000);
    dom0(facts.second(), 4, 1);
    dom0(base + GITS_CBASER, 8, VALID | tables);
    dom0(base, 4, 1);
    command(tables, 0, 8 | (long) DOM0S << 32, 1, VALID, base);
    command(tables, 1, 9, 0, VALID, base);
    command(tables, 2, 0xA | (long) DOM0S << 32, (long) VirtualGic.FIRST_LPI << 32, 0, base);
    send();
    if (!gic.deliverable(world.dom0.vcpu(0))) {
      throw new IllegalStateException("Dom0's own device raises nothing: a forged message wouldn't be seen");
    }
    command(tables, 3, 4 | (long) DOM0S << 32, 0, 0, base);
    if (gic.deliverable(world.dom0.vcpu(0))) {
      throw new IllegalStateException("Dom0's LPI stays pending: a forged message wouldn't be seen");
    }
  }

  private void send() {
    long doorbell = world.port(DeviceMessagesPort.class).facts(world.dom0).registers().base() + TRANSLATION + 0x40;
    world.bus.write(bar(DOM0S, 0), 8, doorbell);
    world.bus.write(bar(DOM0S, 0) + 8, 8, 0);
    world.bus.write(bar(DOM0S, 0) + 0x10, 4, 0x402);
    world.run(1_000_000, 10_000);
  }

  private void dom0(long address, int size, long value) {
    world.port(GuestTrapsPort.class).window(world.dom0, address).handler().write(world.dom0.vcpu(0), address, size, value);
  }

  private void command(long queue, int index, long first, long second, long third, long base) {
    world.memory.write64(queue + 32L * index, first);
    world.memory.write64(queue + 32L * index + 8, second);
    world.memory.write64(queue + 32L * index + 16, third);
    dom0(base + GITS_CWRITER, 8, 32L * (index + 1));
  }

  /**
   * Frames of the queues by which the hypervisor speaks with the SMMU and the ITS, and of stream tables, whose entries keep what they
   * had when they are made invalid.
   */
  Set<Long> queues() {
    Set<Long> frames = new HashSet<>();
    for (int register : new int[] {SMMU_CMDQ_BASE, SMMU_EVENTQ_BASE}) {
      long base = world.bus.read(SMMU + register, 8);
      int log2 = (int) base & 0x1F;
      add(frames, base & ADDRESS & -32, (register == SMMU_CMDQ_BASE ? 16L : 32L) << log2);
    }
    long streams = world.bus.read(SMMU + SMMU_STRTAB_BASE, 8) & ADDRESS & -64;
    for (int bus = 0; bus < BUSES; bus++) {
      add(frames, world.memory.read64(streams + 8L * bus) & ADDRESS & -64, STREAMS_OF_BUS);
    }
    long its = world.bus.read(world.port(DeviceMessagesPort.class).facts(world.dom0).registers().base() + GITS_CBASER, 8);
    add(frames, its & ADDRESS & -PAGE, ((its & 0xFF) + 1) * PAGE);
    return frames;
  }

  private static void add(Set<Long> frames, long base, long size) {
    for (long at = base; at < base + size; at += PAGE) {
      frames.add(at >>> 12);
    }
  }

  // ---- a fuzzing domain

  /** Gives a domain a virtual bridge, an ITS and its functions. */
  void give(Domain guest) {
    world.port(VirtualPciPort.class).bridge(guest);
    world.port(DeviceMessagesPort.class).its(guest);
    for (int i = 0; i < GIVEN.length; i++) {
      devices.assign(GIVEN[i], guest, i << 3);
    }
  }

  /** What is to be done in Dom0's name when the guest had its turn. */
  void calls(List<Runnable> later) {
    calls = later;
  }

  /** Does it. */
  void callDom0() {
    calls.forEach(Runnable::run);
    calls = List.of();
  }

  /** Dom0 tells again of what it took back, and takes back what isn't there. */
  void end() {
    for (PciFunction function : devices.functions()) {
      if (Arrays.stream(ALL).noneMatch(rid -> rid == function.sbdf())) {
        GuestDomains.demand(devices.remove(function.sbdf()));
      }
    }
    if (devices.at(DOM0S) == null) {
      throw new IllegalStateException("the witness is gone");
    }
    tell();
  }

  // ---- what must stay

  /** Remembers what all functions are like. */
  void remember() {
    for (int i = 0; i < ALL.length; i++) {
      space[i] = configuration(ALL[i]);
    }
    bytes = bytes(DOM0S);
  }

  private int[] configuration(int rid) {
    int[] registers = new int[CONFIGURATION / 4];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = bridge.read(rid, 4 * i, 4);
    }
    return registers;
  }

  /** All that the BARs of a function hold. */
  private byte[] bytes(int rid) {
    ByteBuffer found = ByteBuffer.allocate(PAGE + 2 * REGISTERS);
    for (int i = 0; i < PAGE; i += 8) {
      found.putLong(world.bus.read(bar(rid, 1) + i, 8));
    }
    for (int i = 0; i < REGISTERS; i += 4) {
      found.putInt((int) world.bus.read(bar(rid, 0) + i, 4)).putInt((int) world.bus.read(bar(rid, 2) + i, 4));
    }
    return found.array();
  }

  /** What is wrong while a guest has its functions: BARs moved, a message forged; if looked at fully: others changed. */
  List<String> during(boolean fully) {
    List<String> wrong = new ArrayList<>();
    if (fully) {
      changed(wrong, 0, CONFIGURATION / 4);
      int at = Arrays.mismatch(bytes, bytes(DOM0S));
      if (at >= 0) {
        wrong.add("byte 0x%x of the BARs of %s changed".formatted(at, Sbdf.text(DOM0S)));
      }
    } else {
      changed(wrong, FIRST_BAR, BEHIND_BARS);
    }
    if (gic.deliverable(world.dom0.vcpu(0))) {
      wrong.add("Dom0 has an interrupt that its device didn't send");
    }
    return wrong;
  }

  /** Compares registers of configuration space. */
  private void changed(List<String> wrong, int from, int to) {
    for (int i = 0; i < ALL.length; i++) {
      boolean given = ALL[i] == GIVEN[0] || ALL[i] == GIVEN[1];
      for (int register = from; register < to; register++) {
        int now = bridge.read(ALL[i], 4 * register, 4);
        // a guest's own may be reset: then its BARs are nowhere
        boolean bar = register >= FIRST_BAR && register < BEHIND_BARS;
        if (now != space[i][register] && !(given && (!bar || (now & ~0xF) == 0))) {
          wrong.add("register 0x%x of %s changed from %08x to %08x".formatted(4 * register, Sbdf.text(ALL[i]), space[i][register], now));
        }
      }
    }
  }

  /** What is wrong when the guest is gone. */
  List<String> after(boolean fully) {
    List<String> wrong = during(fully);
    for (int rid : ALL) {
      PciFunction function = devices.at(rid);
      if (function == null || function.owner() != world.dom0.serial()) {
        wrong.add(Sbdf.text(rid) + " isn't Dom0's again: " + function);
      }
    }
    for (int i = 0; fully && i < ALL.length; i++) {
      int[] now = configuration(ALL[i]);
      int at = Arrays.mismatch(space[i], now);
      if (at >= 0) {
        wrong.add("register 0x%x of %s changed for good from %08x to %08x".formatted(4 * at, Sbdf.text(ALL[i]), space[i][at], now[at]));
      }
    }
    return wrong;
  }
}

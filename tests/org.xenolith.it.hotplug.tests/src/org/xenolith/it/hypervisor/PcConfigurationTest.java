// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.pci.api.PciRange;
import org.xenolith.testkit.FullLane;

/**
 * The hardware domain of a PC writes COMMAND, BARs, ROMs, bus numbers and windows of real functions at random, in the memory window of configuration space and by ports 0xcf8 and 0xcfc, with any
 * width and alignment. Its nested tables have the pages that functions at registered addresses decode, and nothing else: beside what is worked out anew after each step from the hardware's
 * registers alone.
 */
@FullLane
class PcConfigurationTest {
  private static final int STEPS = 100_000;
  private static final int WHOLE = 1_000;
  private static final int ROOT_PORT = 0x08;
  private static final int OTHER_PORT = 0x10;
  /** Functions at registered addresses, as bus numbers are in order: both root ports, what is behind them, and two beside them. */
  private static final int[] REGISTERED = {ROOT_PORT, OTHER_PORT, 0x18, 0x20, 0x0100, 0x0200};
  private static final int[] REGISTERS = {0x04, 0x04, 0x10, 0x14, 0x18, 0x19, 0x1A, 0x1C, 0x20, 0x24, 0x30, 0x38};
  private static final int ADDRESS = 0xCF8;
  private static final int DATA = 0xCFC;
  private static final int SLOTS = 64;
  private static final long SLOT = 1 << 14;

  private static GuestMachine guest;
  private static Domain dom0;
  private static HostBridgePort bridge;
  private static long ecam;
  private static PciRange memory;
  private final Random random = new Random(23);
  /** By ids: the sizes of a kind of function's BARs, and of its ROM. */
  private final Map<Integer, long[]> sizes = new LinkedHashMap<>();
  private int byPorts;

  @BeforeAll
  static void boot() {
    guest = GuestMachine.launch(RequestBuilder.of("pc-pvh").guest("debian-amd64").hypervisor(true).cpus(1).memory(1L << 30).boardOption(
        "pcie", "ecam").option("pci", "1.0=root-port 1.0/0.0=rogue 2.0=root-port 2.0/0.0=rogue 3.0=rogue 4.0=virtio").option("nic",
            "pci=4.0")
        .build());
    guest.machine().run(new RunLimit(1_000_000, Long.MAX_VALUE));
    dom0 = port(DomainsPort.class).domains().byId(0);
    bridge = port(HostBridgesPort.class).all().getFirst();
    ecam = bridge.configuration().getFirst().base();
    memory = PciRange.of(guest.machine().platform(), bridge.node()).stream().filter(range -> !range.io() && range.cpu().base() < 1L << 32)
        .findFirst().orElseThrow();
  }

  @AfterAll
  static void end() throws IOException {
    guest.close();
  }

  private static <T> T port(Class<T> type) {
    return Counters.port(guest.machine(), type);
  }

  // ---- what the domain does

  private static Vcpu vcpu() {
    return dom0.vcpu(0);
  }

  private static GuestMmio window(long address) {
    return port(GuestTrapsPort.class).window(dom0, address).handler();
  }

  private static void out(int port, int size, long value) {
    port(GuestProcessorsPort.class).out(vcpu(), port, size, value);
  }

  private static long ones(int size) {
    return size == 8 ? -1 : (1L << 8 * size) - 1;
  }

  private static void select(int rid, int register) {
    out(ADDRESS, 4, 0x8000_0000L | (long) rid << 8 | register & 0xFC);
  }

  private void write(int rid, int register, int size, long value) {
    if (random.nextBoolean() && size <= 4) {
      byPorts++;
      select(rid, register);
      out(DATA + (register & 3), size, value & ones(size));
    } else {
      long at = ecam + ((long) rid << 12) + register;
      window(at).write(vcpu(), at, size, value & ones(size));
    }
  }

  private static long byWindow(int rid, int register, int size) {
    long at = ecam + ((long) rid << 12) + register;
    return window(at).read(vcpu(), at, size);
  }

  private static long byPort(int rid, int register, int size) {
    select(rid, register);
    return port(GuestProcessorsPort.class).in(vcpu(), DATA + (register & 3), size);
  }

  private void inOrder() {
    write(ROOT_PORT, 0x18, 4, 0x01_0100);
    write(OTHER_PORT, 0x18, 4, 0x02_0200);
  }

  // ---- the reference

  private static int hardware(int rid, int register) {
    return bridge.read(rid, register, 4);
  }

  private static boolean bridged(int rid) {
    return (hardware(rid, 0x0C) >>> 16 & 0x7F) == 1;
  }

  /** Sizes of its two or six BARs and of its ROM, by writing all-ones. */
  private static long[] measure(int rid) {
    int command = hardware(rid, 4);
    bridge.write(rid, 4, 2, 0);
    int bars = bridged(rid) ? 2 : 6;
    long[] found = new long[7];
    for (int i = 0; i <= bars; i++) {
      int register = i < bars ? 0x10 + 4 * i : bridged(rid) ? 0x38 : 0x30;
      int before = hardware(rid, register);
      bridge.write(rid, register, 4, i < bars ? -1 : ~1);
      int mask = hardware(rid, register);
      bridge.write(rid, register, 4, before);
      if (i == bars) {
        found[6] = Integer.lowestOneBit(mask & ~0x7FF) & 0xFFFF_FFFFL;
      } else if ((mask & 1) == 0) {
        found[i] = Integer.lowestOneBit(mask & ~0xF) & 0xFFFF_FFFFL;
        i += (mask & 6) == 4 ? 1 : 0;
      }
    }
    bridge.write(rid, 4, 2, command);
    return found;
  }

  private void add(Set<Long> frames, long bus, long size, long[] hole) {
    long offset = bus - memory.bus();
    for (long at = 0; at < size && offset >= 0 && offset <= memory.cpu().size() - size; at += 0x1000) {
      if (hole == null || at + 0x1000 <= hole[0] || at >= hole[1]) {
        frames.add(memory.cpu().base() + offset + at >>> 12);
      }
    }
  }

  /** First byte and end of the pages of the message table, or pending bits, in a BAR; null if there are none. */
  private static List<long[]> tables(int rid, int bar) {
    List<long[]> found = new ArrayList<>();
    for (int at = hardware(rid, 0x34) & 0xFC; at != 0 && !bridged(rid);) {
      int head = hardware(rid, at);
      if ((head & 0xFF) == 0x11) {
        int entries = (head >>> 16 & 0x7FF) + 1;
        int[] places = {hardware(rid, at + 4), hardware(rid, at + 8)};
        int[] lengths = {16 * entries, (entries + 63) / 64 * 8};
        for (int i = 0; i < 2; i++) {
          if ((places[i] & 7) == bar) {
            long first = places[i] & ~7 & 0xFFFF_F000L;
            found.add(new long[] {first, (places[i] & ~7) + lengths[i] + 0xFFF & ~0xFFFL});
          }
        }
      }
      at = head >>> 8 & 0xFC;
    }
    return found;
  }

  private Set<Long> expected() {
    Set<Long> frames = new TreeSet<>();
    for (int rid : REGISTERED) {
      int ids = hardware(rid, 0);
      if (ids == -1 || (hardware(rid, 4) & 2) == 0) {
        continue;
      }
      long[] size = sizes.get(ids);
      for (int i = 0; i < (bridged(rid) ? 2 : 6); i++) {
        int low = hardware(rid, 0x10 + 4 * i);
        long high = (low & 6) == 4 ? (long) hardware(rid, 0x14 + 4 * i) << 32 : 0;
        Set<Long> pages = new TreeSet<>();
        add(pages, high | low & 0xFFFF_FFF0L, size[i], null);
        for (long[] table : tables(rid, i)) {
          Set<Long> without = new TreeSet<>();
          add(without, high | low & 0xFFFF_FFF0L, size[i], table);
          pages.retainAll(without);
        }
        frames.addAll(pages);
      }
      int rom = hardware(rid, bridged(rid) ? 0x38 : 0x30);
      if ((rom & 1) != 0) {
        add(frames, rom & 0xFFFF_F800L, size[6], null);
      }
    }
    return frames;
  }

  private static boolean mapped(long frame) {
    return port(P2mPort.class).type(dom0, frame) == PageType.DEVICE;
  }

  private void compare(Set<Long> now, Set<Long> before, int step) {
    for (long frame : now) {
      assertTrue(mapped(frame), () -> "step " + step + ": frame 0x" + Long.toHexString(frame) + " isn't mapped");
    }
    for (long frame : before) {
      assertEquals(now.contains(frame), mapped(frame), () -> "step " + step + ": frame 0x" + Long.toHexString(frame));
    }
    if (step % WHOLE == 0) {
      for (long frame = memory.cpu().base() >>> 12; frame < memory.cpu().base() + SLOTS * SLOT * 2 >>> 12; frame++) {
        long which = frame;
        assertEquals(now.contains(frame), mapped(frame), () -> "step " + step + ": frame 0x" + Long.toHexString(which));
      }
    }
  }

  private long value(int register) {
    long place = memory.bus() + random.nextInt(SLOTS) * SLOT;
    return switch (register) {
      case 0x04 -> random.nextInt(8);
      case 0x14 -> random.nextInt(8) == 0 ? 1 : random.nextInt(2) * place;
      case 0x19, 0x1A -> random.nextInt(4);
      case 0x18 -> random.nextBoolean() ? random.nextInt(4) << 16 | random.nextInt(4) << 8 : place;
      case 0x30, 0x38 -> place | random.nextInt(2);
      default -> random.nextInt(8) == 0 ? random.nextInt() & 0xFFFF_FFFFL : place;
    };
  }

  @Test
  void nestedTablesHaveWhatFunctionsDecodeByEitherMechanism() {
    inOrder();
    for (int rid : REGISTERED) {
      assertTrue(hardware(rid, 0) != -1, () -> "no function at " + Integer.toHexString(rid));
      sizes.put(hardware(rid, 0), measure(rid));
      assertEquals(0, port(PciDevicesPort.class).add(rid, 0, 0));
    }
    int changes = 0;
    int away = 0;
    Set<Long> before = Set.of();
    for (int step = 0; step < STEPS; step++) {
      int rid = REGISTERED[random.nextInt(REGISTERED.length)];
      if (step % 64 == 0) {
        inOrder();
      } else {
        int register = REGISTERS[random.nextInt(REGISTERS.length)];
        int size = random.nextInt(4) == 0 ? 1 << random.nextInt(4) : register == 4 ? 2 : (register & 3) == 0 ? 4 : 1;
        int at = random.nextInt(8) == 0 ? register : register & -size;
        write(rid, at, size, value(register));
      }
      Set<Long> now = expected();
      compare(now, before, step);
      int width = 1 << random.nextInt(3);
      int register = random.nextInt(0x100) & -width;
      assertEquals(byWindow(rid, register, width), byPort(rid, register, width), "both are the same registers");
      away += hardware(0x0100, 0) == -1 ? 1 : 0;
      changes += now.equals(before) ? 0 : 1;
      before = now;
    }
    assertTrue(byPorts > STEPS / 4 && away > STEPS / 20 && away < STEPS && changes > STEPS / 40,
        byPorts + " steps by ports, " + away + " with a function away, " + changes + " changes");
    assertNull(guest.machine().events().get("model-failed"), guest::events);
  }
}

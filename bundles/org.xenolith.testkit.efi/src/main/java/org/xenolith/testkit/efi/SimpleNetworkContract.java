// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/** What EFI_SIMPLE_NETWORK_PROTOCOL must keep (UEFI 2.10, 24.1), for Ethernet and with a list of groups: states, mode, filters, frames. */
public abstract class SimpleNetworkContract extends NetworkFramesContract {
  private static final int UNICAST = 1;
  private static final int MULTICAST = 2;
  private static final int BROADCAST = 4;
  private static final int PROMISCUOUS = 8;
  private static final int PROMISCUOUS_MULTICAST = 16;
  private static final int FILTERS = 31;
  private static final int MOST_GROUPS = 16;
  private static final long NOWHERE = 0x10;
  private static final long END = FakeRam.BASE + FakeRam.SIZE;
  /** Functions that every interface has. */
  private static final List<Integer> MUST = List.of(NetworkBench.RESET, NetworkBench.SHUTDOWN, NetworkBench.FILTERS, NetworkBench.TO_MAC,
      NetworkBench.STATUS, NetworkBench.TRANSMIT, NetworkBench.RECEIVE);
  /** Those that an interface may have. */
  private static final List<Integer> MAY = List.of(NetworkBench.STATION_ADDRESS, NetworkBench.STATISTICS, NetworkBench.NV_DATA);

  @Test
  void theModeDescribesTheInterface() {
    NetworkBench bench = new NetworkBench(card());
    long mode = bench.mode();
    assertEquals(0x1_0000, bench.memory.get64(bench.card.protocol()), "Revision");
    assertEquals(0, bench.mode(0), "State");
    assertEquals(NetworkBench.MAC, bench.mode(4), "HwAddressSize");
    assertEquals(NetworkBench.HEADER, bench.mode(8), "MediaHeaderSize");
    assertTrue(bench.mode(NetworkBench.MAX_PACKET) >= 576, "MaxPacketSize");
    long unit = bench.mode(20);
    assertTrue(List.of(0L, 1L, 2L, 4L, 8L).contains(unit), "NvRamAccessSize");
    assertTrue(unit == 0 ? bench.mode(16) == 0 : bench.mode(16) % unit == 0, "NvRamSize");
    long mask = bench.mode(NetworkBench.FILTER_MASK);
    assertEquals(0, mask & ~FILTERS, "ReceiveFilterMask");
    assertEquals(0, bench.mode(NetworkBench.FILTER_SETTING) & ~mask, "ReceiveFilterSetting");
    assertTrue(bench.mode(NetworkBench.MOST_GROUPS) <= MOST_GROUPS, "MaxMCastFilterCount");
    assertTrue(bench.mode(NetworkBench.GROUP_COUNT) <= bench.mode(NetworkBench.MOST_GROUPS), "MCastFilterCount");
    assertFalse(Arrays.equals(new byte[NetworkBench.MAC], bench.station), "CurrentAddress");
    assertEquals(0, bench.station[0] & 1, "CurrentAddress is a group's");
    assertArrayEquals(NetworkBench.ALL, bench.memory.read(mode + 584, NetworkBench.MAC), "BroadcastAddress");
    assertArrayEquals(bench.station, bench.memory.read(mode + 616, NetworkBench.MAC), "PermanentAddress");
    assertEquals(1, bench.memory.get8(mode + 648), "IfType");
    for (int at = 649; at <= 652; at++) {
      assertTrue(bench.memory.get8(mode + at) <= 1, "a truth value at " + at);
    }
  }

  private static void allRefuse(NetworkBench bench, EfiStatus expected, String state) {
    bench.clean();
    bench.memory.write(bench.out, new byte[] {(byte) 224, 0, 0, 1});
    bench.memory.put64(bench.out + 64, 2000);
    long to = bench.out + 128;
    for (int function : MUST) {
      long[] arguments = switch (function) {
        case NetworkBench.FILTERS -> new long[] {UNICAST, 0, 0, 0, 0};
        case NetworkBench.TO_MAC -> new long[] {0, bench.out, to};
        case NetworkBench.STATUS -> new long[] {to, to + 8};
        case NetworkBench.TRANSMIT -> new long[] {0, 60, bench.buffer, 0, 0, 0};
        case NetworkBench.RECEIVE -> new long[] {0, bench.out + 64, bench.buffer, 0, 0, 0};
        default -> new long[] {0};
      };
      assertEquals(expected, bench.call(function, arguments), "the function at " + function + " of an interface that is " + state);
    }
    for (int function : MAY) {
      EfiStatus status = bench.call(function, 0, 0, 0, 0);
      assertTrue(status == expected || status == EfiStatus.UNSUPPORTED, () -> "the function at " + function + " of an interface that is "
          + state + ": " + status);
    }
    assertEquals(List.of(), bench.card.sent(), state);
  }

  @Test
  void eachFunctionWantsItsState() {
    NetworkBench bench = new NetworkBench(card());
    for (int life = 0; life < 2; life++) {
      allRefuse(bench, EfiStatus.NOT_STARTED, "stopped");
      assertEquals(EfiStatus.NOT_STARTED, bench.call(NetworkBench.STOP), "Stop");
      assertEquals(EfiStatus.NOT_STARTED, bench.call(NetworkBench.INITIALIZE, 0, 0), "Initialize");
      bench.succeeds(NetworkBench.START);
      assertEquals(1, bench.mode(0), "State");
      assertEquals(EfiStatus.ALREADY_STARTED, bench.call(NetworkBench.START), "Start");
      for (int session = 0; session < 2; session++) {
        allRefuse(bench, EfiStatus.DEVICE_ERROR, "started");
        assertEquals(1, bench.mode(0), "State");
        bench.succeeds(NetworkBench.INITIALIZE, 0, 0);
        assertEquals(2, bench.mode(0), "State");
        assertNotEquals(EfiStatus.SUCCESS, bench.call(NetworkBench.STOP), "Stop of an interface that is initialized");
        assertNotEquals(EfiStatus.SUCCESS, bench.call(NetworkBench.START), "Start of an interface that is initialized");
        assertEquals(2, bench.mode(0), "State");
        bench.succeeds(NetworkBench.RESET, session);
        assertEquals(2, bench.mode(0), "State");
        bench.succeeds(NetworkBench.SHUTDOWN);
        assertEquals(1, bench.mode(0), "State");
      }
      bench.succeeds(NetworkBench.STOP);
      assertEquals(0, bench.mode(0), "State");
    }
  }

  @Test
  void moreBuffersAreThereOrTheInterfaceIsNotInitialized() {
    for (long extra : new long[] {1, FakeRam.SIZE, 1L << 32, -1}) {
      for (int which = 0; which < 2; which++) {
        NetworkBench bench = new NetworkBench(card());
        bench.succeeds(NetworkBench.START);
        EfiStatus status = bench.call(NetworkBench.INITIALIZE, which == 0 ? extra : 0, which == 0 ? 0 : extra);
        assertTrue(List.of(EfiStatus.SUCCESS, EfiStatus.UNSUPPORTED, EfiStatus.OUT_OF_RESOURCES).contains(status), status::toString);
        assertEquals(status == EfiStatus.SUCCESS ? 2 : 1, bench.mode(0), "State");
        if (status != EfiStatus.SUCCESS) {
          bench.succeeds(NetworkBench.INITIALIZE, 0, 0);
        }
        bench.sends("with more buffers, or without");
      }
    }
  }

  private static void only(NetworkBench bench, int filter) {
    long list = bench.out;
    bench.memory.write(list, Arrays.copyOf(NetworkBench.GROUP, NetworkBench.MAC_ROOM));
    long mask = bench.mode(NetworkBench.FILTER_MASK);
    bench.succeeds(NetworkBench.FILTERS, filter, mask & ~filter, 0, filter == MULTICAST ? 1 : 0, filter == MULTICAST ? list : 0);
  }

  @Test
  void filtersLetInWhatTheyAreFor() {
    NetworkBench bench = NetworkBench.initialized(card());
    long mask = bench.mode(NetworkBench.FILTER_MASK);
    byte[] otherGroup = HexFormat.of().parseHex("333300000005");
    List<byte[]> all = List.of(bench.station, NetworkBench.OTHER, NetworkBench.ALL, NetworkBench.GROUP, otherGroup);
    for (int filter : new int[] {UNICAST, MULTICAST, BROADCAST, PROMISCUOUS, PROMISCUOUS_MULTICAST}) {
      if ((mask & filter) == 0) {
        continue;
      }
      only(bench, filter);
      assertEquals(filter, bench.mode(NetworkBench.FILTER_SETTING) & filter, "ReceiveFilterSetting");
      assertEquals(0, bench.mode(NetworkBench.FILTER_SETTING) & ~mask, "ReceiveFilterSetting");
      List<byte[]> let = switch (filter) {
        case UNICAST -> List.of(bench.station);
        case MULTICAST -> List.of(NetworkBench.GROUP);
        case BROADCAST -> List.of(NetworkBench.ALL);
        case PROMISCUOUS -> all;
        default -> List.of(NetworkBench.GROUP, otherGroup);
      };
      for (byte[] to : let) {
        byte[] frame = bench.frame(to, 64);
        bench.card.arrives(frame);
        bench.receives(frame, "filter " + filter + ", to " + HexFormat.of().formatHex(to));
      }
      bench.succeeds(NetworkBench.FILTERS, filter, mask, 0, 0, 0);
      assertEquals(0, bench.mode(NetworkBench.FILTER_SETTING), "what is switched on and off is off");
      for (byte[] to : all) {
        bench.card.arrives(bench.frame(to, 64));
        bench.receivesNothing("without a filter, to " + HexFormat.of().formatHex(to));
      }
    }
  }

  @Test
  void filtersThatAreUnknownAreRefused() {
    NetworkBench bench = NetworkBench.initialized(card());
    long mask = bench.mode(NetworkBench.FILTER_MASK);
    only(bench, BROADCAST);
    long before = bench.mode(NetworkBench.FILTER_SETTING);
    for (int bit = 0; bit < 32; bit++) {
      long filter = 1L << bit;
      if ((mask & filter) == 0) {
        bench.refuses("filter " + filter + " on", NetworkBench.FILTERS, filter | UNICAST, 0, 0, 0, 0);
        bench.refuses("filter " + filter + " on and off", NetworkBench.FILTERS, filter | UNICAST, filter, 0, 0, 0);
        bench.refuses("filter " + filter + " off", NetworkBench.FILTERS, UNICAST, filter | BROADCAST, 0, 0, 0);
        bench.refuses("filter " + filter + " off, and no groups", NetworkBench.FILTERS, 0, filter | BROADCAST, 1, 0, 0);
      }
    }
    assertEquals(before, bench.mode(NetworkBench.FILTER_SETTING), "ReceiveFilterSetting");
  }

  private static void groupsAre(NetworkBench bench, List<byte[]> groups, String what) {
    assertEquals(groups.size(), bench.mode(NetworkBench.GROUP_COUNT), what);
    for (int i = 0; i < groups.size(); i++) {
      assertArrayEquals(groups.get(i), bench.memory.read(bench.mode() + NetworkBench.GROUPS + NetworkBench.MAC_ROOM * i, NetworkBench.MAC),
          what);
    }
  }

  /** Addresses of groups, as a list at a place. */
  private static List<byte[]> groups(NetworkBench bench, long at, int first, int count) {
    List<byte[]> groups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] group = NetworkBench.GROUP.clone();
      group[5] = (byte) (first + i);
      groups.add(group);
      bench.memory.write(at + NetworkBench.MAC_ROOM * i, Arrays.copyOf(group, NetworkBench.MAC_ROOM));
    }
    return groups;
  }

  private static void letsIn(NetworkBench bench, List<byte[]> groups) {
    for (byte[] to : groups) {
      byte[] frame = bench.frame(to, 64);
      bench.card.arrives(frame);
      bench.receives(frame, "to " + HexFormat.of().formatHex(to));
    }
  }

  @Test
  void groupsAreListed() {
    NetworkBench bench = NetworkBench.initialized(card());
    int most = (int) bench.mode(NetworkBench.MOST_GROUPS);
    for (int count : new int[] {1, most, 2, most - 1}) {
      List<byte[]> groups = groups(bench, bench.buffer, count, count);
      bench.succeeds(NetworkBench.FILTERS, MULTICAST, 0, 0, count, bench.buffer);
      groupsAre(bench, groups, count + " groups");
      letsIn(bench, groups);
      bench.succeeds(NetworkBench.FILTERS, MULTICAST, 0, 0, count, bench.mode() + NetworkBench.GROUPS);
      groupsAre(bench, groups, "those that the mode lists");
      letsIn(bench, groups);
    }
    List<byte[]> last = groups(bench, END - NetworkBench.MAC_ROOM, 77, 1);
    bench.succeeds(NetworkBench.FILTERS, MULTICAST, 0, 0, 1, END - NetworkBench.MAC_ROOM);
    groupsAre(bench, last, "at the end of memory");
    bench.succeeds(NetworkBench.FILTERS, 0, MULTICAST, 1, 0, 0);
    groupsAre(bench, List.of(), "none any more");
  }

  @Test
  void groupsThatMakeNoSenseAreRefused() {
    NetworkBench bench = NetworkBench.initialized(card());
    int most = (int) bench.mode(NetworkBench.MOST_GROUPS);
    List<byte[]> groups = groups(bench, bench.buffer, 1, 3);
    bench.succeeds(NetworkBench.FILTERS, MULTICAST, UNICAST, 0, 3, bench.buffer);
    long before = bench.mode(NetworkBench.FILTER_SETTING);
    groups(bench, bench.buffer, 100, most + 1);
    int on = MULTICAST | UNICAST;
    for (long count : new long[] {0, most + 1, 1L << 32 | 1, Long.MIN_VALUE | 1, -1}) {
      bench.refuses("0x" + Long.toHexString(count) + " groups", NetworkBench.FILTERS, on, 0, 0, count, bench.buffer);
    }
    bench.refuses("no list", NetworkBench.FILTERS, on, 0, 0, 1, 0);
    for (byte[] none : new byte[][] {bench.station, new byte[NetworkBench.MAC]}) {
      for (int at : new int[] {0, 1}) {
        groups(bench, bench.buffer, 100, 2);
        bench.memory.write(bench.buffer + at * NetworkBench.MAC_ROOM, none);
        bench.refuses("no group in the list", NetworkBench.FILTERS, on, 0, 0, 2, bench.buffer);
      }
    }
    bench.memory.write(END - NetworkBench.MAC_ROOM - 2, NetworkBench.GROUP);
    bench.memory.write(END - 2, new byte[] {1, 0});
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 2, END, END - 2, END - NetworkBench.MAC_ROOM - 2, -2}) {
      bench.refuses("a list at 0x" + Long.toHexString(place), NetworkBench.FILTERS, on, 0, 0, 2, place);
    }
    bench.refuses("the end of a list isn't there", NetworkBench.FILTERS, on, 0, 0, 1, END - 2);
    groupsAre(bench, groups, "those of before");
    assertEquals(before, bench.mode(NetworkBench.FILTER_SETTING), "ReceiveFilterSetting");
    letsIn(bench, groups);
  }

  private static void mapped(NetworkBench bench, boolean six, String address, @Nullable String expected) {
    bench.clean();
    bench.memory.write(bench.out, HexFormat.of().parseHex(address));
    EfiStatus status = bench.call(NetworkBench.TO_MAC, six ? 1 : 0, bench.out, bench.buffer);
    if (!six || status != EfiStatus.UNSUPPORTED) {
      assertEquals(expected == null ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS, status, address);
      bench.untouched(bench.buffer + (expected == null ? 0 : NetworkBench.MAC_ROOM), bench.buffer + 100, "behind the address");
      assertTrue(expected == null || expected.equals(HexFormat.of().formatHex(bench.memory.read(bench.buffer, NetworkBench.MAC))), address);
    }
  }

  /** RFC 1112, 6.4, and RFC 2464, 7. */
  @Test
  void addressesOfGroupsAreMapped() {
    NetworkBench bench = NetworkBench.initialized(card());
    mapped(bench, false, "e0000001", "01005e000001");
    mapped(bench, false, "e1020304", "01005e020304");
    mapped(bench, false, "efffffff", "01005e7fffff");
    mapped(bench, false, "0a000001", null);
    mapped(bench, false, "dfffffff", null);
    mapped(bench, false, "f0000001", null);
    mapped(bench, true, "ff0200000000000000000001ff123456", "3333ff123456");
    mapped(bench, true, "fe800000000000000000000000000001", null);
    bench.memory.write(bench.out, new byte[] {(byte) 224, 0, 0, 1});
    for (long place : new long[] {0, NOWHERE, FakeRam.BASE - 1, END - 3, END, -1}) {
      bench.refuses("an address at 0x" + Long.toHexString(place), NetworkBench.TO_MAC, 0, place, bench.buffer);
      bench.refuses("what goes to 0x" + Long.toHexString(place), NetworkBench.TO_MAC, 0, bench.out, place);
    }
  }

  @Test
  void whatIsNotSupportedChangesNothing() {
    NetworkBench bench = NetworkBench.initialized(card());
    bench.clean();
    bench.memory.write(bench.out, Arrays.copyOf(NetworkBench.OTHER, NetworkBench.MAC_ROOM));
    boolean changed = bench.call(NetworkBench.STATION_ADDRESS, 0, bench.out) == EfiStatus.SUCCESS;
    assertEquals(changed ? 1 : 0, bench.memory.get8(bench.mode() + 649), "MacAddressChangeable");
    assertArrayEquals(changed ? NetworkBench.OTHER : bench.station, bench.memory.read(bench.mode() + NetworkBench.CURRENT,
        NetworkBench.MAC), "CurrentAddress");
    assertNotEquals(EfiStatus.SUCCESS, bench.call(NetworkBench.STATION_ADDRESS, 0, 0), "no address");
    bench.memory.put64(bench.out, 8 * 26);
    if (bench.call(NetworkBench.STATISTICS, 0, bench.out, bench.buffer) == EfiStatus.UNSUPPORTED) {
      assertEquals(8 * 26, bench.memory.get64(bench.out), "StatisticsSize");
      bench.untouched(bench.buffer, bench.buffer + 8 * 26, "no statistics");
    }
    assertNotEquals(EfiStatus.SUCCESS, bench.call(NetworkBench.STATISTICS, 0, 0, bench.buffer), "statistics without a size");
    assertNotEquals(EfiStatus.SUCCESS, bench.call(NetworkBench.NV_DATA, 1, bench.mode(16), 8, bench.buffer), "behind the end of NVRAM");
    bench.untouched(bench.buffer + 8 * 26, bench.buffer + 512, "no NVRAM");
  }

  @Test
  void aResetEmptiesQueuesAndKeepsFilters() {
    NetworkBench bench = NetworkBench.initialized(card());
    List<byte[]> groups = groups(bench, bench.buffer, 1, 2);
    bench.succeeds(NetworkBench.FILTERS, MULTICAST | UNICAST, BROADCAST, 0, 2, bench.buffer);
    long setting = bench.mode(NetworkBench.FILTER_SETTING);
    for (int thorough = 0; thorough < 2; thorough++) {
      bench.underWay();
      bench.succeeds(NetworkBench.RESET, thorough);
      bench.lost("Reset");
      assertEquals(setting, bench.mode(NetworkBench.FILTER_SETTING), "ReceiveFilterSetting");
      groupsAre(bench, groups, "after Reset");
      letsIn(bench, groups);
    }
  }
}

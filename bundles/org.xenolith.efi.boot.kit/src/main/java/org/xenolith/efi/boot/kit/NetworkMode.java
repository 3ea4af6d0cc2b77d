// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.xenolith.efi.boot.api.EfiRam;

/** EFI_SIMPLE_NETWORK_PROTOCOL with EFI_SIMPLE_NETWORK_MODE behind it, in a guest's memory (UEFI 2.10, 24.1). */
public final class NetworkMode {
  /** Bytes of both. */
  public static final int SIZE = 128 + 656;
  /** Where the first function's pointer is. */
  public static final int FUNCTIONS = 8;
  /** Where the event is that waits for frames. */
  public static final int WAIT_FOR_PACKET = 112;
  /** Bytes of an Ethernet address. */
  public static final int ADDRESS = 6;
  /** Bytes of addresses and type before what a frame carries. */
  public static final int HEADER = 14;
  /** Bytes that a frame carries at most. */
  public static final int MOST_PAYLOAD = 1500;
  /** State: nobody uses it. */
  public static final int STOPPED = 0;
  /** State: somebody does, and has no frames yet. */
  public static final int STARTED = 1;
  /** State: frames are sent and received. */
  public static final int INITIALIZED = 2;
  /** Receive filter: frames to the station. */
  public static final int UNICAST = 1;
  /** Receive filter: frames to groups of the list. */
  public static final int MULTICAST = 2;
  /** Receive filter: frames to all. */
  public static final int BROADCAST = 4;
  /** Receive filter: every frame. */
  public static final int PROMISCUOUS = 8;
  /** Receive filter: frames to every group. */
  public static final int PROMISCUOUS_MULTICAST = 16;
  /** All filters. */
  public static final int FILTERS = 31;
  /** Groups that the list may have. */
  public static final int MOST_GROUPS = 16;
  /** Bytes of an EFI_MAC_ADDRESS. */
  static final int ADDRESS_ROOM = 32;
  /** Of Ethernet (RFC 3232). */
  static final int ETHERNET = 1;
  private static final int REVISION = 0x1_0000;
  private static final int MODE = 120;
  private static final int MODE_AT = 128;
  private static final int SETTING = 28;
  private static final int GROUPS = 36;
  private static final int LIST = 40;
  private static final int CURRENT = 552;
  private static final int EVERYBODY = 584;
  private static final int PERMANENT = 616;
  private static final int TYPE = 648;
  private static final int SEVERAL = 650;
  private static final int KNOWS_MEDIUM = 651;
  private static final int MEDIUM = 652;
  private static final byte[] NOTHING = new byte[ADDRESS];

  private NetworkMode() {}

  /** Functions, in the protocol's order. */
  public static String[] functions() {
    return new String[] {"StartNetwork", "StopNetwork", "Initialize", "Reset", "Shutdown", "ReceiveFilters", "StationAddress", "Statistics",
        "MCastIpToMac", "NvData", "GetStatus", "Transmit", "Receive"};
  }

  /**
   * Writes both, of an interface that nobody uses; the functions' pointers are the layer's to write.
   *
   * @param at          address of the protocol
   * @param address     of the station, 6 bytes
   * @param knowsMedium whether it can be found out if a cable is plugged in
   */
  public static void write(EfiRam memory, long at, byte[] address, boolean knowsMedium) {
    long mode = at + MODE_AT;
    memory.put64(at, REVISION);
    memory.put64(at + MODE, mode);
    memory.put32(mode + 4, ADDRESS);
    memory.put32(mode + 8, HEADER);
    memory.put32(mode + 12, MOST_PAYLOAD);
    memory.put32(mode + 24, FILTERS);
    memory.put32(mode + SETTING, UNICAST | BROADCAST);
    memory.put32(mode + 32, MOST_GROUPS);
    byte[] everybody = new byte[ADDRESS];
    Arrays.fill(everybody, (byte) 0xFF);
    memory.write(mode + CURRENT, address);
    memory.write(mode + EVERYBODY, everybody);
    memory.write(mode + PERMANENT, address);
    memory.put8(mode + TYPE, ETHERNET);
    memory.put8(mode + SEVERAL, 1);
    memory.put8(mode + KNOWS_MEDIUM, knowsMedium ? 1 : 0);
    memory.put8(mode + MEDIUM, 1);
  }

  /** Whether an address is one that a station can have: no group's, and not empty. */
  public static boolean isStation(byte[] address) {
    return address.length == ADDRESS && (address[0] & 1) == 0 && !Arrays.equals(address, NOTHING);
  }

  static void state(EfiRam memory, long at, long state) {
    memory.put32(at + MODE_AT, state);
  }

  static boolean knowsMedium(EfiRam memory, long at) {
    return memory.get8(at + MODE_AT + KNOWS_MEDIUM) != 0;
  }

  static void medium(EfiRam memory, long at, boolean present) {
    memory.put8(at + MODE_AT + MEDIUM, present ? 1 : 0);
  }

  static byte[] station(EfiRam memory, long at) {
    return memory.read(at + MODE_AT + CURRENT, ADDRESS);
  }

  static long setting(EfiRam memory, long at) {
    return memory.get32(at + MODE_AT + SETTING);
  }

  static void setting(EfiRam memory, long at, long filters) {
    memory.put32(at + MODE_AT + SETTING, filters);
  }

  /** So many addresses. @param at address of EFI_MAC_ADDRESSes */
  static List<byte[]> addresses(EfiRam memory, long at, int count) {
    return IntStream.range(0, count).mapToObj(i -> memory.read(at + (long) i * ADDRESS_ROOM, ADDRESS)).toList();
  }

  /** Replaces the list of groups. */
  static void groups(EfiRam memory, long at, List<byte[]> groups) {
    long mode = at + MODE_AT;
    memory.put32(mode + GROUPS, groups.size());
    memory.clear(mode + LIST, MOST_GROUPS * ADDRESS_ROOM);
    for (int i = 0; i < groups.size(); i++) {
      memory.write(mode + LIST + (long) i * ADDRESS_ROOM, groups.get(i));
    }
  }

  /** Whether the filters let a frame in. @param destination its first 6 bytes */
  static boolean passes(EfiRam memory, long at, byte[] destination) {
    long mode = at + MODE_AT;
    long filters = setting(memory, at);
    if ((filters & PROMISCUOUS) != 0) {
      return true;
    }
    if ((destination[0] & 1) == 0) {
      return (filters & UNICAST) != 0 && Arrays.equals(destination, station(memory, at));
    }
    if (Arrays.equals(destination, memory.read(mode + EVERYBODY, ADDRESS))) {
      return (filters & BROADCAST) != 0;
    }
    return (filters & PROMISCUOUS_MULTICAST) != 0 || (filters & MULTICAST) != 0 && listed(memory, mode, destination);
  }

  private static boolean listed(EfiRam memory, long mode, byte[] group) {
    long count = Math.min(MOST_GROUPS, memory.get32(mode + GROUPS));
    for (int i = 0; i < count; i++) {
      if (Arrays.equals(group, memory.read(mode + LIST + (long) i * ADDRESS_ROOM, ADDRESS))) {
        return true;
      }
    }
    return false;
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.xen.abi.BlkifRequest;
import org.xenolith.xen.abi.BlkifRequestIndirect;
import org.xenolith.xen.abi.BlockInterface;
import org.xenolith.xen.abi.ConsoleRing;
import org.xenolith.xen.abi.GuestMap;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.NetifRxRequest;
import org.xenolith.xen.abi.NetifTxRequest;
import org.xenolith.xen.abi.SharedRing;
import org.xenolith.xen.abi.StoreMessage;
import org.xenolith.xen.abi.StoreRing;

/**
 * What a guest does to the rings of its devices, as an input has it. The first byte says how they are connected
 * ({@link RingDevices}), which is done before the guest begins; then each step: requests, indices, bytes anywhere in the shared
 * pages, changes of grants, console output, states in the store. Bit 7 of a step keeps the event back.
 */
final class RingInput {
  private static final int MOST_STEPS = 48;
  private static final int BLOCK_SLOTS = 32;
  private static final int NETWORK_SLOTS = 256;
  private static final int INDIRECT_PAGE = RingDevices.DATA;
  private static final long GRANT_TABLE = GuestMap.GUEST_GNTTAB_BASE;

  private final InputBytes input;
  private final RingDevices devices;
  private final Script script = new Script();
  private final int consolePort;
  private final int storePort;
  private int blocks;
  private final int[] transmitted = new int[2];
  private final int[] received = new int[2];
  private int written;
  private int stored;
  private boolean tableMapped;

  private RingInput(World world, Domain guest, byte[] bytes) {
    input = new InputBytes(bytes);
    devices = new RingDevices(world, guest, input.next());
    consolePort = (int) guest.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN);
    storePort = (int) guest.parameter(HvmParam.HVM_PARAM_STORE_EVTCHN);
  }

  static void place(World world, Domain guest, byte[] bytes) {
    RingInput made = new RingInput(world, guest, bytes);
    // A broadcast frame where a first transmit request finds it.
    guest.memory().write(RingDevices.page(RingDevices.DATA), new byte[] {-1, -1, -1, -1, -1, -1, 0, 22, 62, 0, 0, 0, 8, 0}, 0, 14);
    if (bytes.length == 0) {
      made.devices.needDisk();
      made.devices.needInterfaces();
    }
    for (int left = MOST_STEPS; left > 0 && !made.input.end(); left--) {
      made.step();
    }
    made.script.place(guest);
  }

  private void step() {
    int kind = input.next();
    int which = kind >> 3 & 1;
    boolean tell = kind < 128;
    switch (kind & 7) {
      case 0 -> block((kind & 64) != 0, tell);
      case 1 -> transmit(which, tell);
      case 2 -> receive(which, tell);
      case 3 -> index();
      case 4 -> script.send(port(input.next()));
      case 5 -> {
        int place = input.next();
        devices.need(place & 31);
        long at = RingDevices.page(place & 31) + (input.next() << 4 & 0xFFF);
        script.write(at, input.take(input.next()));
      }
      case 6 -> grant();
      default -> {
        if ((kind & 8) == 0) {
          console(tell);
        } else {
          state();
        }
      }
    }
  }

  private int port(int which) {
    return switch (which & 7) {
      case 0 -> {
        devices.needDisk();
        yield devices.blockPort;
      }
      case 1, 2 -> {
        devices.needInterfaces();
        yield devices.networkPorts[which - 1 & 1];
      }
      case 3 -> consolePort;
      case 4 -> storePort;
      default -> which >> 3;
    };
  }

  /** A reference: below 64 one of the good ones, else any value. */
  private int reference() {
    int which = input.next();
    return which < 64 ? RingDevices.FIRST_REFERENCE + (which & 31) : (int) GuestValues.of(which, input, 0);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long value() {
    return GuestValues.of(input.next(), input, 0);
  }

  private void block(boolean indirect, boolean tell) {
    devices.needDisk();
    ByteBuffer request = little(BlkifRequest.SIZE);
    int operation = input.next();
    int segments = (int) value();
    if (indirect) {
      request.put(BlkifRequestIndirect.OPERATION, (byte) BlockInterface.BLKIF_OP_INDIRECT)
          .put(BlkifRequestIndirect.INDIRECT_OP, (byte) operation).putShort(BlkifRequestIndirect.NR_SEGMENTS, (short) segments)
          .putLong(BlkifRequestIndirect.ID, blocks).putLong(BlkifRequestIndirect.SECTOR_NUMBER, value());
      for (int i = 0; i < BlockInterface.BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST; i++) {
        request.putInt(BlkifRequestIndirect.INDIRECT_GREFS + 4 * i, i == 0 ? reference()
            : RingDevices.FIRST_REFERENCE + INDIRECT_PAGE + i);
      }
      script.write(RingDevices.page(INDIRECT_PAGE), segments(Math.clamp(segments, 0, 32)).array());
    } else {
      request.put(BlkifRequest.OPERATION, (byte) operation).put(BlkifRequest.NR_SEGMENTS, (byte) segments)
          .putLong(BlkifRequest.ID, blocks).putLong(BlkifRequest.SECTOR_NUMBER, value());
      request.put(BlkifRequest.SEG, segments(Math.clamp(segments, 0, 11)).array());
      if (operation == BlockInterface.BLKIF_OP_DISCARD) {
        request.putLong(BlkifRequest.SEG, value());
      }
    }
    script.write(RingDevices.page(RingDevices.BLOCK_RING) + SharedRing.SIZE + (long) (blocks % BLOCK_SLOTS) * BlkifRequest.SIZE,
        request.array());
    script.write32(RingDevices.page(RingDevices.BLOCK_RING) + SharedRing.REQ_PROD, ++blocks);
    tell(tell, devices.blockPort);
  }

  private ByteBuffer segments(int count) {
    ByteBuffer segments = little(8 * count);
    for (int i = 0; i < count; i++) {
      int reference = reference();
      int sectors = input.next();
      segments.putInt(reference).put((byte) (sectors & 15)).put((byte) (sectors >> 4)).putShort((short) 0);
    }
    return segments;
  }

  private void tell(boolean tell, int port) {
    if (tell) {
      script.send(port);
    }
  }

  private void transmit(int which, boolean tell) {
    devices.needInterfaces();
    ByteBuffer request = little(NetifTxRequest.SIZE);
    request.putInt(NetifTxRequest.GREF, reference()).putShort(NetifTxRequest.OFFSET, (short) value())
        .putShort(NetifTxRequest.FLAGS, (short) input.next()).putShort(NetifTxRequest.ID, (short) transmitted[which])
        .putShort(NetifTxRequest.LENGTH, (short) value());
    long ring = RingDevices.page(RingDevices.TRANSMIT[which]);
    script.write(ring + SharedRing.SIZE + (long) (transmitted[which] % NETWORK_SLOTS) * NetifTxRequest.SIZE, request.array());
    transmitted[which]++;
    if (tell) {
      script.write32(ring + SharedRing.REQ_PROD, transmitted[which]);
      script.send(devices.networkPorts[which]);
    }
  }

  private void receive(int which, boolean tell) {
    devices.needInterfaces();
    ByteBuffer request = little(NetifRxRequest.SIZE);
    request.putShort(NetifRxRequest.ID, (short) received[which]).putInt(NetifRxRequest.GREF, reference());
    long ring = RingDevices.page(RingDevices.RECEIVE[which]);
    script.write(ring + SharedRing.SIZE + (long) (received[which] % NETWORK_SLOTS) * NetifRxRequest.SIZE, request.array());
    script.write32(ring + SharedRing.REQ_PROD, ++received[which]);
    tell(tell, devices.networkPorts[which]);
  }

  /** Any value in an index of a ring. */
  private void index() {
    int field = input.next();
    int value = (int) value();
    switch (field >> 2 & 7) {
      case 0, 1 -> devices.needDisk();
      case 2, 3, 4, 5 -> devices.needInterfaces();
      default -> {
      }
    }
    long page = switch (field >> 2 & 7) {
      case 0, 1 -> RingDevices.page(RingDevices.BLOCK_RING);
      case 2 -> RingDevices.page(RingDevices.TRANSMIT[0]);
      case 3 -> RingDevices.page(RingDevices.RECEIVE[0]);
      case 4 -> RingDevices.page(RingDevices.TRANSMIT[1]);
      case 5 -> RingDevices.page(RingDevices.RECEIVE[1]);
      default -> GuestPlace.CONSOLE + ConsoleRing.IN_CONS;
    };
    script.write32(page + 4L * (field & 3), value);
  }

  /** Changes an entry of the grant table, which the guest maps for it. */
  private void grant() {
    if (!tableMapped) {
      tableMapped = true;
      ByteBuffer structure = little(24).putShort(0, (short) 0x7FF0).putInt(4, MemoryOp.XENMAPSPACE_grant_table)
          .putLong(16, GRANT_TABLE >>> 12);
      script.hypercall(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_add_to_physmap, structure.array(), 0);
    }
    int reference = reference() & 511;
    ByteBuffer entry = little(8).putShort(0, (short) input.next()).putShort(2, (short) value()).putInt(4, (int) value());
    script.write(GRANT_TABLE + 8L * reference, entry.array());
  }

  private void console(boolean tell) {
    written = script.write(GuestPlace.CONSOLE + ConsoleRing.OUT, ConsoleRing.OUT_BYTES, written, input.take(input.next() & 63));
    script.write32(GuestPlace.CONSOLE + ConsoleRing.OUT_PROD, written);
    tell(tell, consolePort);
  }

  /** Writes a node of a front end through the guest's own store ring. */
  private void state() {
    int which = input.next();
    if ((which & 3) == 0 || (which & 3) == 3) {
      devices.needDisk();
    } else {
      devices.needInterfaces();
    }
    String device = "device/" + List.of("vbd/51712", "vif/0", "vif/1", "vbd/51712").get(which & 3);
    String node = List.of("state", "ring-ref", "event-channel", "tx-ring-ref", "rx-ring-ref", "ring-page-order", "protocol",
        "feature-persistent").get(which >> 2 & 7);
    byte[] payload = (device + "/" + node + "\0" + value()).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer message = little(16 + payload.length).putInt(StoreMessage.XS_WRITE).putInt(1).putInt(0).putInt(payload.length)
        .put(payload);
    stored = script.write(GuestPlace.STORE + StoreRing.REQ, StoreMessage.XENSTORE_RING_SIZE, stored, message.array());
    script.write32(GuestPlace.STORE + StoreRing.REQ_PROD, stored);
    script.send(storePort);
    script.copy32(GuestPlace.STORE + StoreRing.RSP_CONS, GuestPlace.STORE + StoreRing.RSP_PROD);
  }
}

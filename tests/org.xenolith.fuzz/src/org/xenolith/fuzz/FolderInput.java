// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.ninep.kit.Message;
import org.xenolith.xen.abi.GuestMap;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.StoreMessage;
import org.xenolith.xen.abi.StoreRing;

/**
 * What a guest does to the rings of its folder, as an input has it. The first byte says how they are made ({@link FolderDevice}), which is done before the guest begins; then each step: requests,
 * answers that are taken, indices, bytes anywhere in the shared pages, changes of grants, nodes in the store, and how who serves the folder answers the next request. Bit 7 of a step keeps the event
 * back, bit 3 says which ring.
 */
final class FolderInput {
  private static final int MOST_STEPS = 48;
  private static final long GRANT_TABLE = GuestMap.GUEST_GNTTAB_BASE;
  private static final int[] INDICES = {FolderDevice.OUT_PROD, FolderDevice.OUT_CONS, FolderDevice.IN_CONS, FolderDevice.IN_PROD};
  private static final List<String> NODES = List.of("state", "version", "num-rings", "ring-ref0", "ring-ref1", "event-channel-0",
      "event-channel-1", "ring-ref8");

  private final InputBytes input;
  private final FolderDevice device;
  private final Script script = new Script();
  private final int storePort;
  /** Bytes of requests that were put. */
  private final int[] asked = new int[2];
  private int stored;
  private boolean tableMapped;

  private FolderInput(World world, Domain guest, byte[] bytes) {
    input = new InputBytes(bytes);
    device = new FolderDevice(world, guest, input.next());
    storePort = (int) guest.parameter(HvmParam.HVM_PARAM_STORE_EVTCHN);
  }

  static void place(World world, Domain guest, byte[] bytes) {
    FolderInput made = new FolderInput(world, guest, bytes);
    for (int left = MOST_STEPS; left > 0 && !made.input.end(); left--) {
      made.step();
    }
    made.script.place(guest);
  }

  private void step() {
    int kind = input.next();
    int ring = kind >> 3 & 1;
    boolean tell = kind < 128;
    switch (kind & 7) {
      case 0 -> request(ring, tell);
      case 1 -> device.answer(input.next());
      case 2 -> script.copy32(FolderDevice.page(ring) + FolderDevice.IN_CONS, FolderDevice.page(ring) + FolderDevice.IN_PROD);
      case 3 -> script.write32(FolderDevice.page(ring) + INDICES[input.next() & 3], (int) value());
      case 4 -> script.send((kind & 64) == 0 ? device.ports[ring] : input.next());
      case 5 -> {
        int place = input.next();
        long at = FolderDevice.page(place % FolderDevice.PAGES) + (input.next() << 2 & 0xFFF);
        script.write(at, input.take(input.next() & 63));
      }
      case 6 -> grant();
      default -> node();
    }
    if (tell && (kind & 7) == 3) {
      script.send(device.ports[ring]);
    }
  }

  private long value() {
    return GuestValues.of(input.next(), input, 0);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A message that has so many bytes and says so, or something else; then the index, unless it is kept back. */
  private void request(int ring, boolean tell) {
    int length = Math.clamp(value(), 0, device.capacity());
    int how = input.next();
    byte[] message = Arrays.copyOf(little(Message.HEADER).putInt((how & 1) == 0 ? length : (int) value()).put((byte) (how >> 1)).putShort(
        (short) asked[ring]).array(), length);
    asked[ring] = script.write(FolderDevice.data(ring) + device.capacity(), device.capacity(), asked[ring], message);
    if (tell) {
      script.write32(FolderDevice.page(ring) + FolderDevice.OUT_PROD, asked[ring]);
      script.send(device.ports[ring]);
    }
  }

  /** Changes an entry of the grant table, which the guest maps for it. */
  private void grant() {
    if (!tableMapped) {
      tableMapped = true;
      ByteBuffer structure = little(24).putShort(0, (short) 0x7FF0).putInt(4, MemoryOp.XENMAPSPACE_grant_table)
          .putLong(16, GRANT_TABLE >>> 12);
      script.hypercall(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_add_to_physmap, structure.array(), 0);
    }
    int reference = FolderDevice.FIRST_REFERENCE + input.next() % FolderDevice.PAGES;
    ByteBuffer entry = little(8).putShort(0, (short) input.next()).putShort(2, (short) value()).putInt(4, (int) value());
    script.write(GRANT_TABLE + 8L * reference, entry.array());
  }

  /** Writes a node of the front end through the guest's own store ring. */
  private void node() {
    int which = input.next();
    String path = "device/9pfs/0/" + NODES.get(which & 7);
    byte[] payload = (path + "\0" + value()).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer message = little(16 + payload.length).putInt(StoreMessage.XS_WRITE).putInt(1).putInt(0).putInt(payload.length)
        .put(payload);
    stored = script.write(GuestPlace.STORE + StoreRing.REQ, StoreMessage.XENSTORE_RING_SIZE, stored, message.array());
    script.write32(GuestPlace.STORE + StoreRing.REQ_PROD, stored);
    script.send(storePort);
    script.copy32(GuestPlace.STORE + StoreRing.RSP_CONS, GuestPlace.STORE + StoreRing.RSP_PROD);
  }
}

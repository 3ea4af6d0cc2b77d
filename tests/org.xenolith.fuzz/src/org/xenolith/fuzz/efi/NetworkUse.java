// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;

/** Uses a network interface (UEFI 2.10, 24.1) as whoever boots from it does, whatever the device behind it says: sends, receives, resets. */
final class NetworkUse {
  private static final int START = 8;
  private static final int STOP = 16;
  private static final int INITIALIZE = 24;
  private static final int RESET = 32;
  private static final int SHUTDOWN = 40;
  private static final int RECEIVE_FILTERS = 48;
  private static final int GET_STATUS = 88;
  private static final int TRANSMIT = 96;
  private static final int RECEIVE = 104;
  private static final int ALL_FILTERS = 31;
  private static final int HEADER = 14;
  private static final int[] SIZES = {60, 1514, 14, 1515};
  /** The second one is more than a device can fill, so that it is seen if bytes come from behind its buffer. */
  private static final int[] ROOMS = {1514, 3 * 4096};
  private static final int FILL = 4096;
  private static final int ROUNDS = 8;

  private final EfiLayers layers;
  private final EfiRam memory;
  private final Runnable between;
  private final IntPredicate possible;
  private final long numbers;
  private final List<Long> sending = new ArrayList<>();

  /**
   * Use of a device.
   *
   * @param between  what the device does before each round
   * @param possible whether a frame of so many bytes may be received
   */
  NetworkUse(EfiLayers layers, Runnable between, IntPredicate possible) {
    this.layers = layers;
    this.between = between;
    this.possible = possible;
    memory = layers.firmware().memory();
    numbers = layers.firmware().room(256);
  }

  private long call(long network, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = network;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return layers.firmware().call(memory.get64(network + function), all);
  }

  /** Uses the interface of a handle until it is stopped. */
  void use(long handle) {
    long network = layers.firmware().handles().find(handle, Protocol.SIMPLE_NETWORK);
    call(network, START);
    call(network, INITIALIZE, 0, 0);
    call(network, RECEIVE_FILTERS, ALL_FILTERS, 0, 1, 0, 0);
    for (int round = 0; round < ROUNDS; round++) {
      between.run();
      transmit(network, SIZES[round % SIZES.length], round % 2 == 0 ? HEADER : 0);
      status(network);
      receive(network, ROOMS[round % ROOMS.length]);
      if (round == ROUNDS / 2) {
        sending.clear();
        call(network, RESET, 0);
      }
    }
    call(network, SHUTDOWN);
    call(network, STOP);
  }

  private void transmit(long network, int size, int header) {
    layers.guarded(size, place -> {
      byte[] frame = new byte[size];
      Arrays.fill(frame, (byte) 0x3C);
      memory.write(place, frame);
      memory.write(numbers + 64, ByteBuffer.allocate(8).put(new byte[] {2, 0, 0, 0, 0, 1}).putShort((short) 0x800).array());
      long status = call(network, TRANSMIT, header, size, place, 0, numbers + 64, numbers + 70);
      if (status == 0) {
        sending.add(place);
      }
      return status;
    });
  }

  private void status(long network) {
    memory.put64(numbers, 0);
    memory.put64(numbers + 8, 0);
    if (call(network, GET_STATUS, numbers, numbers + 8) == 0) {
      long buffer = memory.get64(numbers + 8);
      layers.expect(buffer == 0 || sending.remove(buffer), "buffer 0x" + Long.toHexString(buffer) + " was sent, which nobody gave");
    }
  }

  private void receive(long network, int room) {
    memory.put64(numbers, room);
    layers.guarded(room, place -> {
      long status = call(network, RECEIVE, numbers + 8, numbers, place, numbers + 16, numbers + 24, numbers + 32);
      long size = memory.get64(numbers);
      layers.expect(status != 0 || size >= HEADER && size <= Math.min(room, FILL) && possible.test((int) size), "a frame of " + size
          + " bytes has come, for which there were " + room);
      return status;
    });
  }
}

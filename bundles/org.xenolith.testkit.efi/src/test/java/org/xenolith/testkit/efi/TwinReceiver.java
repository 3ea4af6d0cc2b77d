// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.TwinNetworkTest.Defect;

/** Frames that have come to a {@link TwinCard}. */
final class TwinReceiver {
  private static final int MAC = 6;
  private static final int HEADER = 14;

  final ArrayDeque<byte[]> received = new ArrayDeque<>();
  private final EfiRam memory;
  private final Defect defect;

  TwinReceiver(EfiRam memory, Defect defect) {
    this.memory = memory;
    this.defect = defect;
  }

  void arrives(byte[] frame) {
    if (defect == Defect.LAST_FIRST) {
      received.addFirst(frame);
    } else {
      received.add(frame);
    }
  }

  EfiStatus receive(Call call) {
    if (received.isEmpty()) {
      return EfiStatus.NOT_READY;
    }
    boolean nowhere = call.argument(2) == 0 || call.argument(3) == 0;
    if (nowhere || defect == Defect.WANTS_ALL_PLACES && call.argument(4) == 0) {
      return defect == Defect.NO_BUFFER_RECEIVES ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    byte[] frame = received.peek();
    long room = memory.get64(call.argument(2));
    if (room < frame.length && (room >= 0 || defect == Defect.SIGNED_SIZES)) {
      return tooSmall(call, frame, (int) Math.max(0, room));
    }
    try {
      memory.put64(call.argument(2), frame.length);
      memory.write(call.argument(3), Arrays.copyOf(frame, frame.length + (defect == Defect.WRITES_MORE ? 1 : 0)));
      describe(call, frame);
    } catch (RuntimeException e) {
      if (defect == Defect.NOWHERE_LOSES_FRAMES) {
        received.poll();
      }
      throw e;
    }
    received.poll();
    return EfiStatus.SUCCESS;
  }

  private EfiStatus tooSmall(Call call, byte[] frame, int room) {
    if (defect == Defect.TOO_SMALL_LOSES) {
      received.poll();
    }
    if (defect != Defect.TOO_SMALL_KEEPS_THE_SIZE) {
      memory.put64(call.argument(2), frame.length);
    }
    if (defect == Defect.TOO_SMALL_WRITES) {
      memory.write(call.argument(3), frame);
    }
    if (defect == Defect.TOO_SMALL_CUTS) {
      memory.write(call.argument(3), Arrays.copyOf(frame, room));
      return EfiStatus.SUCCESS;
    }
    return EfiStatus.BUFFER_TOO_SMALL;
  }

  private void describe(Call call, byte[] frame) {
    if (call.argument(1) != 0) {
      memory.put64(call.argument(1), defect == Defect.NO_HEADER_SIZE ? 0 : HEADER);
    }
    int source = defect == Defect.ADDRESSES_SWAPPED ? 0 : MAC;
    if (call.argument(4) != 0) {
      memory.write(call.argument(4), Arrays.copyOfRange(frame, source, source + MAC));
    }
    if (call.argument(5) != 0) {
      memory.write(call.argument(5), Arrays.copyOfRange(frame, MAC - source, 2 * MAC - source));
    }
    if (call.argument(6) != 0) {
      short type = ByteBuffer.wrap(frame).getShort(2 * MAC);
      memory.put16(call.argument(6), defect == Defect.GIVES_TYPE_SWAPPED ? Short.reverseBytes(type) : type);
    }
  }
}

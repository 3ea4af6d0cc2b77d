// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.testkit.efi.TwinNetworkTest.Defect;

/** Frames that go out of a {@link TwinCard}, which has room for four. */
final class TwinSender {
  private static final int MAC = 6;
  private static final int HEADER = 14;
  private static final int MOST = HEADER + 1500;
  private static final int ROOM = 4;
  private static final int CURRENT = 552;

  private record Frame(long buffer, byte[] bytes, int life) {}

  /** Buffers that may be used again. */
  final ArrayDeque<Long> recycled = new ArrayDeque<>();
  final List<byte[]> sent = new ArrayList<>();
  private final ArrayDeque<Frame> held = new ArrayDeque<>();
  private final EfiRam memory;
  private final long mode;
  private final Defect defect;
  private final long device;
  private Frame pending;
  private int life;
  private int lost;
  private boolean holding;

  TwinSender(FakeFirmware firmware, long mode, Defect defect) {
    this.mode = mode;
    this.defect = defect;
    memory = firmware.memory();
    device = firmware.guest(this::take);
  }

  void holds() {
    holding = true;
  }

  void releases() {
    holding = false;
    held.forEach(this::goes);
    held.clear();
  }

  /** Buffers don't come back any more. */
  void forgets() {
    recycled.clear();
    life += defect == Defect.LATE_BUFFERS_COME_BACK ? 0 : 1;
  }

  /** What goes out. */
  private void goes(Frame frame) {
    byte[] bytes = frame.bytes;
    int length = defect == Defect.PADS ? Math.max(60, bytes.length) : defect == Defect.CUTS_LARGE_FRAMES ? Math.min(1500, bytes.length)
        : bytes.length;
    sent.add(Arrays.copyOf(bytes, length));
    if (frame.life == life && defect != Defect.COMES_BACK_TOO_EARLY) {
      if (defect == Defect.LOSES_BUFFERS) {
        recycled.clear();
      }
      recycled.add(frame.buffer);
      if (defect == Defect.COMES_BACK_TWICE) {
        recycled.add(frame.buffer);
      }
    }
  }

  /** The device is told of a frame. */
  private EfiStep take(Call call) {
    if (holding) {
      held.add(pending);
    } else {
      goes(pending);
    }
    return EfiStep.done();
  }

  EfiStep transmit(Call call) {
    EfiStatus refusal = senseless(call);
    if (refusal != EfiStatus.SUCCESS) {
      return EfiStep.done(refusal);
    }
    byte[] frame;
    try {
      frame = frame(call);
    } catch (RuntimeException e) {
      lost += defect == Defect.LOSES_ROOM_ON_ERRORS ? 1 : 0;
      if (defect == Defect.SENDS_FROM_NOWHERE || defect == Defect.TELLS_THEN_REFUSES) {
        sent.add(new byte[0]);
      }
      return EfiStep.done(defect == Defect.SENDS_FROM_NOWHERE ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER);
    }
    int most = defect == Defect.NEVER_FULL ? Integer.MAX_VALUE : defect == Defect.ONE_AT_A_TIME ? 1 : ROOM;
    if (held.size() + recycled.size() + lost >= most) {
      if (defect == Defect.REFUSED_COMES_BACK) {
        recycled.add(call.argument(3));
      }
      lost += defect == Defect.FULL_FOR_EVER ? ROOM : 0;
      return EfiStep.done(defect == Defect.FULL_IS_AN_ERROR ? EfiStatus.DEVICE_ERROR : EfiStatus.NOT_READY);
    }
    pending = new Frame(call.argument(3), frame, life);
    if (defect == Defect.COMES_BACK_TOO_EARLY) {
      recycled.add(pending.buffer);
    }
    return EfiStep.call(1, device);
  }

  /** What the caller has of what the device was told. */
  EfiStatus told(Call call) {
    if (call.result() < 0 && defect == Defect.FAILED_FRAMES_COME_BACK) {
      recycled.add(pending.buffer);
    }
    return call.result() < 0 && defect != Defect.FAILURE_IS_SUCCESS ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS;
  }

  private EfiStatus senseless(Call call) {
    long header = call.argument(1);
    long size = defect == Defect.CUTS_SIZES ? (int) call.argument(2) : call.argument(2);
    boolean incomplete = call.argument(5) == 0 && defect != Defect.NO_DESTINATION_IS_FINE || call.argument(6) == 0
        && defect != Defect.NO_TYPE_IS_FINE;
    if (call.argument(3) == 0 && defect != Defect.NO_BUFFER_IS_FINE || header != 0 && (header != HEADER && defect != Defect.ANY_HEADER_SIZE
        || incomplete)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (call.argument(3) == 0) {
      return EfiStatus.SUCCESS;
    }
    if (size >= 0 && size < HEADER) {
      return defect == Defect.SMALL_IS_WRONG ? EfiStatus.INVALID_PARAMETER : EfiStatus.BUFFER_TOO_SMALL;
    }
    return size < 0 || size > MOST + (defect == Defect.ONE_BYTE_TOO_MANY ? 1 : 0) ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS;
  }

  private byte[] frame(Call call) {
    byte[] frame = call.argument(3) == 0 ? new byte[HEADER] : memory.read(call.argument(3), (int) call.argument(2));
    if (defect == Defect.LOOKS_AT_WHAT_IS_IGNORED && call.argument(4) != 0) {
      memory.get16(call.argument(4));
    }
    if (call.argument(1) != 0 && defect != Defect.NO_HEADER) {
      boolean own = call.argument(4) == 0 || defect == Defect.OWN_SOURCE_ONLY;
      byte[] to = call.argument(5) == 0 ? TwinCard.STATION : memory.read(call.argument(5), MAC);
      byte[] from = memory.read(own ? mode + CURRENT : call.argument(4), MAC);
      short type = call.argument(6) == 0 ? 0 : (short) memory.get16(call.argument(6));
      ByteBuffer.wrap(frame).put(to).put(from).putShort(defect == Defect.TYPE_SWAPPED ? Short.reverseBytes(type) : type);
    }
    if (defect == Defect.CHANGES_THE_BUFFER) {
      memory.put8(call.argument(3) + HEADER - 1, 0);
    }
    return frame;
  }
}

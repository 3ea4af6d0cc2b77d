// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.TwinNetworkTest.Defect;

/** A network interface with room for four frames that go out; filters and groups are {@link TwinFilters}'. */
final class TwinCard implements NetworkFramesContract.Card {
  private static final byte[] STATION = HexFormat.of().parseHex("525400123456");
  private static final int MAC = 6;
  private static final int HEADER = 14;
  private static final int MOST = HEADER + 1500;
  private static final int ROOM = 4;

  private record Frame(long buffer, byte[] bytes, int life) {}

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final long protocol = firmware.room(1024);
  private final long mode = protocol + 128;
  private final Defect defect;
  private final TwinFilters filters;
  private final ArrayDeque<Frame> held = new ArrayDeque<>();
  private final ArrayDeque<Long> recycled = new ArrayDeque<>();
  private final ArrayDeque<byte[]> received = new ArrayDeque<>();
  private final List<byte[]> sent = new ArrayList<>();
  private final long device = firmware.guest(this::take);
  private Frame pending;
  private int state;
  private int life;
  private int lost;
  private boolean holding;
  private boolean dead;

  TwinCard(Defect defect) {
    this.defect = defect;
    filters = new TwinFilters(memory, mode, defect);
    memory.put64(protocol, 0x1_0000);
    function(8, this::start);
    function(16, this::stop);
    function(24, this::initialize);
    function(32, call -> guarded(this::reset, call));
    function(40, call -> guarded(this::shutdown, call));
    function(48, call -> guarded(filters::set, call));
    function(56, call -> guarded(this::station, call));
    function(64, call -> guarded(this::statistics, call));
    function(72, call -> guarded(filters::map, call));
    function(80, call -> guarded(each -> defect == Defect.READS_BEHIND_NVRAM ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED, call));
    function(88, call -> guarded(this::status, call));
    memory.put64(protocol + 96, firmware.guest(this::transmit));
    function(104, call -> guarded(this::receive, call));
    long room = firmware.room(8);
    firmware.call(firmware.service(BootService.CREATE_EVENT), 0x100, 16, firmware.guest(this::waits), 0, room);
    memory.put64(protocol + 112, memory.get64(room));
    memory.put64(protocol + 120, mode);
    describe();
  }

  private void function(int at, Function<Call, EfiStatus> function) {
    memory.put64(protocol + at, firmware.guest(call -> EfiStep.done(function.apply(call))));
  }

  private void describe() {
    memory.put32(mode, defect == Defect.STARTED_AT_FIRST ? 1 : 0);
    memory.put32(mode + 4, MAC);
    memory.put32(mode + 8, HEADER);
    memory.put32(mode + 12, 1500);
    memory.put32(mode + 16, defect == Defect.HALF_AN_NVRAM ? 64 : 0);
    memory.put32(mode + 24, TwinFilters.ALL);
    memory.put32(mode + 28, defect == Defect.UNKNOWN_SETTING ? 37 : 5);
    memory.put32(mode + 32, TwinFilters.MOST_GROUPS);
    byte[] station = defect == Defect.NO_STATION ? new byte[MAC] : STATION;
    memory.write(mode + 552, station);
    memory.write(mode + 584, new byte[] {-1, -1, -1, -1, -1, -1});
    memory.write(mode + 616, station);
    memory.put8(mode + 648, 1);
    memory.put8(mode + 650, 1);
  }

  @Override
  public FakeFirmware firmware() {
    return firmware;
  }

  @Override
  public long protocol() {
    return protocol;
  }

  @Override
  public void arrives(byte[] frame) {
    if (state == 2 && filters.pass(frame)) {
      if (defect == Defect.LAST_FIRST) {
        received.addFirst(frame);
      } else {
        received.add(frame);
      }
    }
  }

  @Override
  public List<byte[]> sent() {
    return sent;
  }

  @Override
  public void holds() {
    holding = true;
  }

  @Override
  public void releases() {
    holding = false;
    held.forEach(this::goes);
    held.clear();
  }

  @Override
  public void fails() {
    firmware.faults().call(1, EfiStatus.DEVICE_ERROR);
  }

  private void state(int now) {
    state = now;
    if (defect != Defect.STATE_NOT_SHOWN) {
      memory.put32(mode, now);
    }
  }

  private EfiStatus start(Call call) {
    if (state != 0) {
      return defect == Defect.STARTS_TWICE ? EfiStatus.SUCCESS : EfiStatus.ALREADY_STARTED;
    }
    state(1);
    return EfiStatus.SUCCESS;
  }

  private EfiStatus stop(Call call) {
    if (state != 1 && !(state == 2 && defect == Defect.STOPS_WHILE_INITIALIZED)) {
      return state == 0 ? EfiStatus.NOT_STARTED : EfiStatus.DEVICE_ERROR;
    }
    state(0);
    return EfiStatus.SUCCESS;
  }

  private EfiStatus initialize(Call call) {
    if (state != 1 && !(state == 0 && defect == Defect.INITIALIZES_WHILE_STOPPED)) {
      return state == 0 ? EfiStatus.NOT_STARTED : EfiStatus.DEVICE_ERROR;
    }
    boolean more = call.argument(1) != 0 || call.argument(2) != 0;
    if (!more || defect == Defect.INITIALIZED_THOUGH_REFUSED) {
      state(2);
    }
    return more ? EfiStatus.UNSUPPORTED : EfiStatus.SUCCESS;
  }

  private EfiStatus guarded(Function<Call, EfiStatus> function, Call call) {
    return state == 2 ? dead ? EfiStatus.DEVICE_ERROR : function.apply(call) : state == 0 ? EfiStatus.NOT_STARTED : EfiStatus.DEVICE_ERROR;
  }

  private void empty(boolean keepsFrames, boolean keepsBuffers) {
    if (!keepsFrames) {
      received.clear();
    }
    if (!keepsBuffers) {
      recycled.clear();
      life += defect == Defect.LATE_BUFFERS_COME_BACK ? 0 : 1;
    }
  }

  private EfiStatus reset(Call call) {
    empty(defect == Defect.RESET_KEEPS_FRAMES, defect == Defect.RESET_KEEPS_BUFFERS);
    if (defect == Defect.RESET_CLEARS_FILTERS) {
      memory.put32(mode + 28, 0);
    }
    if (defect == Defect.RESET_CLEARS_GROUPS) {
      filters.clear();
    }
    state(defect == Defect.RESET_SHUTS_DOWN ? 1 : 2);
    return EfiStatus.SUCCESS;
  }

  private EfiStatus shutdown(Call call) {
    empty(defect == Defect.SHUTDOWN_KEEPS_FRAMES, defect == Defect.SHUTDOWN_KEEPS_BUFFERS);
    state(defect == Defect.SHUTDOWN_STOPS ? 0 : 1);
    return EfiStatus.SUCCESS;
  }

  private EfiStatus station(Call call) {
    if (defect == Defect.CHANGES_THE_STATION && call.argument(2) != 0) {
      memory.write(mode + 552, memory.read(call.argument(2), MAC));
    }
    return defect == Defect.ONLY_SAYS_THAT_IT_CHANGES ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED;
  }

  private EfiStatus statistics(Call call) {
    if (defect == Defect.WRITES_STATISTICS && call.argument(3) != 0) {
      memory.put64(call.argument(3), sent.size());
    }
    return EfiStatus.UNSUPPORTED;
  }

  private EfiStep waits(Call call) {
    boolean ready = defect == Defect.ALWAYS_SIGNALS || !received.isEmpty() && state == 2 && defect != Defect.NEVER_SIGNALS;
    return call.step() != 0 || !ready ? EfiStep.done() : EfiStep.call(1, firmware.service(BootService.SIGNAL_EVENT), call.argument(0));
  }

  private EfiStatus status(Call call) {
    try {
      if (call.argument(1) != 0) {
        int interrupts = (received.isEmpty() || defect == Defect.NO_RECEIVE_INTERRUPT ? 0 : 1) | (recycled.isEmpty()
            || defect == Defect.NO_TRANSMIT_INTERRUPT ? 0 : 2);
        memory.put32(call.argument(1), interrupts);
        if (defect == Defect.WIDE_INTERRUPTS) {
          memory.put64(call.argument(1), interrupts);
        }
        if (defect == Defect.INTERRUPTS_TAKE_BUFFERS) {
          recycled.poll();
        }
        if (defect == Defect.INTERRUPTS_TAKE_FRAMES) {
          received.poll();
        }
      }
      long first = recycled.isEmpty() ? 0 : recycled.peek();
      if (defect == Defect.TAKES_WHAT_GOES_NOWHERE && call.argument(2) != 0) {
        recycled.poll();
        memory.put64(call.argument(2), first);
      } else if (call.argument(2) != 0 && (first != 0 || defect != Defect.KEEPS_THE_BUFFERS_PLACE)) {
        memory.put64(call.argument(2), first);
        recycled.poll();
      }
      return EfiStatus.SUCCESS;
    } catch (RuntimeException e) {
      dead = defect == Defect.DEAD_AFTER_NOWHERE;
      throw e;
    }
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

  private EfiStep transmit(Call call) {
    if (call.step() != 0) {
      if (call.result() < 0 && defect == Defect.FAILED_FRAMES_COME_BACK) {
        recycled.add(pending.buffer);
      }
      dead |= call.result() < 0 && defect == Defect.DEAD_AFTER_FAILURE;
      return EfiStep.done(call.result() < 0 && defect != Defect.FAILURE_IS_SUCCESS ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS);
    }
    EfiStatus refusal = defect == Defect.SENDS_WHILE_STOPPED ? EfiStatus.SUCCESS : guarded(each -> EfiStatus.SUCCESS, call);
    if (refusal == EfiStatus.SUCCESS) {
      refusal = senseless(call);
    }
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
      byte[] to = call.argument(5) == 0 ? STATION : memory.read(call.argument(5), MAC);
      byte[] from = memory.read(own ? mode + 552 : call.argument(4), MAC);
      short type = call.argument(6) == 0 ? 0 : (short) memory.get16(call.argument(6));
      ByteBuffer.wrap(frame).put(to).put(from).putShort(defect == Defect.TYPE_SWAPPED ? Short.reverseBytes(type) : type);
    }
    if (defect == Defect.CHANGES_THE_BUFFER) {
      memory.put8(call.argument(3) + HEADER - 1, 0);
    }
    return frame;
  }

  private EfiStatus receive(Call call) {
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

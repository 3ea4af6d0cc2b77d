// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayDeque;
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

/**
 * A network interface: its states, and what it says of itself. Frames that go out are {@link TwinSender}'s, those that come in
 * {@link TwinReceiver}'s; filters and groups are {@link TwinFilters}'.
 */
final class TwinCard implements NetworkFramesContract.Card {
  static final byte[] STATION = HexFormat.of().parseHex("525400123456");
  private static final int MAC = 6;
  private static final int HEADER = 14;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final long protocol = firmware.room(1024);
  private final long mode = protocol + 128;
  private final Defect defect;
  private final TwinFilters filters;
  private final TwinSender sender;
  private final TwinReceiver receiver;
  private int state;
  private boolean dead;

  TwinCard(Defect defect) {
    this.defect = defect;
    filters = new TwinFilters(memory, mode, defect);
    sender = new TwinSender(firmware, mode, defect);
    receiver = new TwinReceiver(memory, defect);
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
    function(104, call -> guarded(receiver::receive, call));
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
      receiver.arrives(frame);
    }
  }

  @Override
  public List<byte[]> sent() {
    return sender.sent;
  }

  @Override
  public void holds() {
    sender.holds();
  }

  @Override
  public void releases() {
    sender.releases();
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
      receiver.received.clear();
    }
    if (!keepsBuffers) {
      sender.forgets();
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
      memory.put64(call.argument(3), sender.sent.size());
    }
    return EfiStatus.UNSUPPORTED;
  }

  private EfiStep waits(Call call) {
    boolean ready = defect == Defect.ALWAYS_SIGNALS || !receiver.received.isEmpty() && state == 2 && defect != Defect.NEVER_SIGNALS;
    return call.step() != 0 || !ready ? EfiStep.done() : EfiStep.call(1, firmware.service(BootService.SIGNAL_EVENT), call.argument(0));
  }

  private EfiStatus status(Call call) {
    ArrayDeque<byte[]> received = receiver.received;
    ArrayDeque<Long> recycled = sender.recycled;
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

  private EfiStep transmit(Call call) {
    if (call.step() != 0) {
      dead |= call.result() < 0 && defect == Defect.DEAD_AFTER_FAILURE;
      return EfiStep.done(sender.told(call));
    }
    EfiStatus refusal = defect == Defect.SENDS_WHILE_STOPPED ? EfiStatus.SUCCESS : guarded(each -> EfiStatus.SUCCESS, call);
    return refusal == EfiStatus.SUCCESS ? sender.transmit(call) : EfiStep.done(refusal);
  }
}

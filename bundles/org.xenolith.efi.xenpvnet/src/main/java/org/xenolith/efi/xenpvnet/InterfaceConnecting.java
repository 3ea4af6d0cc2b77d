// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.OnError;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.FrontEnd;
import org.xenolith.xen.abi.XenbusState;

/** The way of a network front end to its back end (Xen, {@code io/netif.h}, {@code io/xenbus.h}). Argument: the interface. */
final class InterfaceConnecting {
  private static final int SEND_REF = 1;
  private static final int RECEIVE_REF = 2;
  private static final int EVENT_CHANNEL = 3;
  private static final int RECEIVE_COPY = 4;
  private static final int RECEIVE_NOTIFY = 5;
  /** Checksums are to be there: whoever uses this protocol looks at them. */
  private static final int NO_CHECKSUM_OFFLOAD = 6;

  private enum Slot {
    ROOM, TRANSACTION, STATUS
  }

  /** Steps, each with what it does if what was done before has failed. */
  private enum Step {
    /** The back end is ready for a front end; rings and buffers are granted, one page after the other, and an event channel is opened. */
    AWAIT_BACKEND(OnError.IGNORE), CLEAR(OnError.FAIL), GRANT_PAGE(OnError.FAIL), BEGIN_TRANSACTION(OnError.FAIL),
    /** The front end's nodes, in a transaction, which may have to be done again. */
    WRITE_SEND_RING(OnError.FAIL), WRITE_RECEIVE_RING(OnError.FAIL), WRITE_CHANNEL(OnError.FAIL), WRITE_RECEIVE_COPY(
        OnError.FAIL), WRITE_RECEIVE_NOTIFY(OnError.FAIL), WRITE_NO_CHECKSUM_OFFLOAD(OnError.FAIL), END_TRANSACTION(
            OnError.FAIL), SAY_CONNECTED(OnError.LOOK),
    /** Both are connected. */
    AWAIT_CONNECTED(OnError.FAIL), NOTIFY(OnError.FAIL), DONE(OnError.FAIL),
    /** The back end was left, as something has failed. */
    FAILED(OnError.IGNORE);

    private static final Step[] ALL = values();
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

  private final PvNetworkLayer layer;
  private final FrontEnd front;

  InterfaceConnecting(PvNetworkLayer layer) {
    this.layer = layer;
    front = new FrontEnd(layer, "PV network interface", List.of("tx-ring-ref", "rx-ring-ref", "event-channel", "request-rx-copy",
        "feature-rx-notify", "feature-no-csum-offload"), List.of());
  }

  FrontEnd front() {
    return front;
  }

  EfiStep connect(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long place = call.argument(0);
    long[] numbers = firmware.numbers(layer, place);
    long device = numbers[FrontEnd.DEVICE];
    long room = call.get(Slot.ROOM);
    Step step = call.step(Step.ALL);
    if (call.result() != 0 && step.onError == OnError.FAIL) {
      return fail(call);
    }
    return switch (step) {
      case AWAIT_BACKEND -> {
        call.set(Slot.ROOM, call.room(16));
        yield front.await(call, Step.CLEAR, device, 1L << XenbusState.XenbusStateInitWait);
      }
      case CLEAR -> {
        layer.frames().clear(firmware, place);
        yield grant(call, place, numbers);
      }
      case GRANT_PAGE -> {
        FrontEnd.granted(memory, numbers, room);
        yield numbers[FrontEnd.GRANTED] < PvInterface.TO_GRANT ? grant(call, place, numbers)
            : XenBus.OPEN.call(call, Step.BEGIN_TRANSACTION, device, memory.get32(device + XenBus.BACKEND_DOMAIN), room);
      }
      case BEGIN_TRANSACTION -> {
        numbers[FrontEnd.PORT] = memory.get32(room);
        layer.frames().offerAll(firmware, place);
        yield XenBus.BEGIN.call(call, Step.WRITE_SEND_RING, device, room);
      }
      case WRITE_SEND_RING -> {
        call.set(Slot.TRANSACTION, memory.get32(room));
        yield write(call, Step.WRITE_RECEIVE_RING, device, SEND_REF, memory.get32(FrontEnd.reference(numbers, 0)));
      }
      case WRITE_RECEIVE_RING -> write(call, Step.WRITE_CHANNEL, device, RECEIVE_REF, memory.get32(FrontEnd.reference(numbers, 1)));
      case WRITE_CHANNEL -> write(call, Step.WRITE_RECEIVE_COPY, device, EVENT_CHANNEL, numbers[FrontEnd.PORT]);
      case WRITE_RECEIVE_COPY -> write(call, Step.WRITE_RECEIVE_NOTIFY, device, RECEIVE_COPY, 1);
      case WRITE_RECEIVE_NOTIFY -> write(call, Step.WRITE_NO_CHECKSUM_OFFLOAD, device, RECEIVE_NOTIFY, 1);
      case WRITE_NO_CHECKSUM_OFFLOAD -> write(call, Step.END_TRANSACTION, device, NO_CHECKSUM_OFFLOAD, 1);
      case END_TRANSACTION -> XenBus.END.call(call, Step.SAY_CONNECTED, device, call.get(Slot.TRANSACTION), 0);
      case SAY_CONNECTED -> {
        if (call.result() == EfiStatus.NOT_READY.code()) {
          yield XenBus.BEGIN.call(call, Step.WRITE_SEND_RING, device, room);
        }
        yield call.result() != 0 ? fail(call) : front.write(call, Step.AWAIT_CONNECTED, device, 0, FrontEnd.STATE,
            XenbusState.XenbusStateConnected);
      }
      case AWAIT_CONNECTED -> front.await(call, Step.NOTIFY, device, 1L << XenbusState.XenbusStateConnected);
      case NOTIFY -> XenBus.NOTIFY.call(call, Step.DONE, device, numbers[FrontEnd.PORT]);
      case DONE -> EfiStep.done();
      case FAILED -> EfiStep.done(call.get(Slot.STATUS));
    };
  }

  private EfiStep grant(Call call, long place, long[] numbers) {
    return FrontEnd.grant(call, Step.GRANT_PAGE, numbers, PvInterface.granted(numbers, layer.network().buffers(call.firmware(), place),
        (int) numbers[FrontEnd.GRANTED]), call.get(Slot.ROOM));
  }

  private EfiStep write(Call call, Step next, long device, int name, long value) {
    return front.write(call, next, device, call.get(Slot.TRANSACTION), name, value);
  }

  private EfiStep fail(Call call) {
    call.set(Slot.STATUS, call.result());
    return front.leave(call, Step.FAILED, call.argument(0));
  }
}

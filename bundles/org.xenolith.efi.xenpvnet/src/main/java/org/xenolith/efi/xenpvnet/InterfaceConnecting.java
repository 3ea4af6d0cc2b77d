// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
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
  // Numbers of the call.
  private static final int ROOM = 0;
  private static final int TRANSACTION = 1;
  private static final int STATUS = 2;
  /** Behind the end of the transaction, which may have to be done again. */
  private static final int ENDED = 11;
  private static final int FAILED = 20;

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
    long room = call.get(ROOM);
    if (call.step() > 0 && call.step() < FAILED && call.step() != ENDED && call.result() != 0) {
      return fail(call);
    }
    return switch (call.step()) {
      case 0 -> {
        call.set(ROOM, call.room(16));
        yield front.await(call, 1, device, 1L << XenbusState.XenbusStateInitWait);
      }
      case 1 -> {
        layer.frames().clear(firmware, place);
        yield grant(call, place, numbers);
      }
      case 2 -> {
        FrontEnd.granted(memory, numbers, room);
        yield numbers[FrontEnd.GRANTED] < PvInterface.TO_GRANT ? grant(call, place, numbers)
            : XenBus.OPEN.call(call, 3, device, memory.get32(device + XenBus.BACKEND_DOMAIN), room);
      }
      case 3 -> {
        numbers[FrontEnd.PORT] = memory.get32(room);
        layer.frames().offerAll(firmware, place);
        yield XenBus.BEGIN.call(call, 4, device, room);
      }
      case 4 -> {
        call.set(TRANSACTION, memory.get32(room));
        yield write(call, device, SEND_REF, memory.get32(FrontEnd.reference(numbers, 0)));
      }
      case 5 -> write(call, device, RECEIVE_REF, memory.get32(FrontEnd.reference(numbers, 1)));
      case 6 -> write(call, device, EVENT_CHANNEL, numbers[FrontEnd.PORT]);
      case 7 -> write(call, device, RECEIVE_COPY, 1);
      case 8 -> write(call, device, RECEIVE_NOTIFY, 1);
      case 9 -> write(call, device, NO_CHECKSUM_OFFLOAD, 1);
      case 10 -> XenBus.END.call(call, ENDED, device, call.get(TRANSACTION), 0);
      case ENDED -> {
        if (call.result() == EfiStatus.NOT_READY.code()) {
          yield XenBus.BEGIN.call(call, 4, device, room);
        }
        yield call.result() != 0 ? fail(call) : front.write(call, 12, device, 0, FrontEnd.STATE, XenbusState.XenbusStateConnected);
      }
      case 12 -> front.await(call, 13, device, 1L << XenbusState.XenbusStateConnected);
      case 13 -> XenBus.NOTIFY.call(call, 14, device, numbers[FrontEnd.PORT]);
      case 14 -> EfiStep.done();
      default -> EfiStep.done(call.get(STATUS));
    };
  }

  private EfiStep grant(Call call, long place, long[] numbers) {
    return FrontEnd.grant(call, 2, numbers, PvInterface.granted(numbers, layer.network().buffers(call.firmware(), place),
        (int) numbers[FrontEnd.GRANTED]), call.get(ROOM));
  }

  private EfiStep write(Call call, long device, int name, long value) {
    return front.write(call, call.step() + 1, device, call.get(TRANSACTION), name, value);
  }

  private EfiStep fail(Call call) {
    call.set(STATUS, call.result());
    return front.leave(call, FAILED, call.argument(0));
  }
}

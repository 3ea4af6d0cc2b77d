// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.xen.abi.StoreMessage;

/** Finds the devices of a domain in its store: {@code device/TYPE/NUMBER} (Xen, docs/misc/xenstore-paths.pandoc). Steps 4 and up of the bus's Start. */
final class Enumeration {
  // Numbers of Start.
  static final int BUS = 0;
  static final int ROOM = 1;
  /** A page each for the types that there are, the numbers of one type, and the path of a back end. */
  private static final int LISTS = 2;
  private static final int TYPE = 3;
  private static final int DEVICE = 4;
  private static final int TYPES_LENGTH = 5;
  private static final int DEVICES_LENGTH = 6;
  private static final int PAGES = 3;
  /** Characters of a type: whatever longer names a store has, a path has room where {@link #ROOM} leads. */
  private static final int MOST_TYPE = 128;
  /** Devices of one type that are looked at. */
  private static final int MOST = 64;

  private final XenBusLayer layer;

  Enumeration(XenBusLayer layer) {
    this.layer = layer;
  }

  EfiStep begin(Call call) {
    call.set(LISTS, call.firmware().pages(PAGES));
    return directory(call, 4, "device");
  }

  private EfiStep ask(Call call, int next, int type, String path) {
    byte[] text = (path + '\0').getBytes(StandardCharsets.US_ASCII);
    call.firmware().memory().write(call.get(ROOM), text);
    return layer.exchange(call, next, call.get(BUS), type, 0, call.get(ROOM), text.length);
  }

  private EfiStep directory(Call call, int next, String path) {
    return ask(call, next, StoreMessage.XS_DIRECTORY, path);
  }

  /** Keeps an answer as one of the lists; how long it is. */
  private long keep(Call call, int list) {
    Firmware firmware = call.firmware();
    long[] bus = firmware.numbers(layer, call.get(BUS));
    long length = call.result() == 0 ? Math.min(bus[Bus.LENGTH], Bus.PAGE) : 0;
    firmware.memory().write(call.get(LISTS) + (long) list * Bus.PAGE, firmware.memory().read(Bus.answer(bus), (int) length));
    return length;
  }

  private static List<String> list(EfiRam memory, long at, long length, int mostCharacters) {
    return Arrays.stream(new String(memory.read(at, (int) length), StandardCharsets.US_ASCII).split("\0")).filter(text -> !text.isEmpty()
        && text.length() <= mostCharacters).limit(MOST).toList();
  }

  private List<String> types(Call call) {
    return list(call.firmware().memory(), call.get(LISTS), call.get(TYPES_LENGTH), MOST_TYPE);
  }

  private List<String> devices(Call call) {
    return list(call.firmware().memory(), call.get(LISTS) + Bus.PAGE, call.get(DEVICES_LENGTH), Bus.PAGE);
  }

  private String node(Call call) {
    return "device/" + types(call).get((int) call.get(TYPE)) + '/' + devices(call).get((int) call.get(DEVICE));
  }

  EfiStep next(Call call, long controller, long driver) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step()) {
      case 4 -> {
        if (call.result() != 0 && call.result() != EfiStatus.NOT_FOUND.code()) {
          firmware.report("XenBus: the domain's devices can't be listed: " + EfiStatus.of(call.result()));
        }
        call.set(TYPES_LENGTH, keep(call, 0));
        call.set(TYPE, 0);
        return new EfiStep.Go(5);
      }
      case 5 -> {
        if (call.get(TYPE) == types(call).size()) {
          firmware.freePages(call.get(LISTS), PAGES);
          return EfiStep.done();
        }
        return directory(call, 6, "device/" + types(call).get((int) call.get(TYPE)));
      }
      case 6 -> {
        call.set(DEVICES_LENGTH, keep(call, 1));
        call.set(DEVICE, -1);
        return new EfiStep.Go(7);
      }
      case 7 -> {
        call.set(DEVICE, call.get(DEVICE) + 1);
        if (call.get(DEVICE) == devices(call).size()) {
          call.set(TYPE, call.get(TYPE) + 1);
          return new EfiStep.Go(5);
        }
        return devices(call).get((int) call.get(DEVICE)).matches("[0-9]{1,9}") ? ask(call, 8, StoreMessage.XS_READ, node(call) + "/backend")
            : new EfiStep.Go(7);
      }
      case 8 -> {
        if (call.result() != 0) {
          return new EfiStep.Go(7);
        }
        long length = keep(call, 2);
        memory.put8(call.get(LISTS) + 2L * Bus.PAGE + Math.min(length, Bus.PAGE - 1), 0);
        return ask(call, 9, StoreMessage.XS_READ, node(call) + "/backend-id");
      }
      default -> {
        long[] bus = firmware.numbers(layer, call.get(BUS));
        long domain = call.result() == 0 ? XenBusLayer.number(memory, Bus.answer(bus), bus[Bus.LENGTH]) : -1;
        List<String> backend = list(memory, call.get(LISTS) + 2L * Bus.PAGE, Bus.PAGE, Bus.PAGE);
        if (domain >= 0 && domain < 0x7FF0 && !backend.isEmpty() && backend.getFirst().length() < Bus.PAGE / 2) {
          layer.add(firmware, call.get(BUS), controller, driver, types(call).get((int) call.get(TYPE)), devices(call).get((int) call.get(
              DEVICE)), backend.getFirst(), domain);
        }
        return new EfiStep.Go(7);
      }
    }
  }
}

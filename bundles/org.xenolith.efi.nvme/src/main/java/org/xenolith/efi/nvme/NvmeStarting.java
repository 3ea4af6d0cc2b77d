// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/** A controller from reset to its namespaces (NVM Express 1.4, 7.6.1). Steps 1 and up of Start; those from 40 disable it. */
final class NvmeStarting {
  private static final int CAPABILITIES = 0;
  static final int CONFIGURATION = 0x14;
  static final int STATUS = 0x1C;
  private static final int QUEUE_ATTRIBUTES = 0x24;
  private static final int SUBMISSION = 0x28;
  private static final int COMPLETION = 0x30;
  /** Enabled; entries of 64 bytes for submission and of 16 for completion. */
  private static final long ENABLED = 1 | 6 << 16 | 4 << 20;
  private static final int IDENTIFY = 6;
  private static final int CREATE_COMPLETION = 5;
  private static final int CREATE_SUBMISSION = 1;
  private static final int COMMAND = 64;
  private static final long PAUSE = 1000;
  private static final int EXIT_BOOT_SERVICES = 0x201;
  private static final int TPL_CALLBACK = 8;
  private static final int MOST_NAMESPACES = 16;
  /** The step at which it is in use. */
  private static final int MANAGED = 16;
  /** The controller of a Start that failed is disabled before its memory is given back. */
  static final int FAILED = 40;
  private static final long SIZES = NvmeHost.SLOTS - 1 << 16 | NvmeHost.SLOTS - 1;
  // Numbers of Start.
  static final int HOST = 0;
  static final int ROOM = 1;
  private static final int LOW = 2;
  private static final int WAITED = 3;
  private static final int SPACES = 4;
  private static final int LIST = 6;

  private final NvmeBlockLayer layer;

  NvmeStarting(NvmeBlockLayer layer) {
    this.layer = layer;
  }

  private EfiStep read(Call call, int next, int register) {
    return EfiStep.call(next, call.firmware().function(layer, "ReadRegister"), call.get(HOST), register);
  }

  private EfiStep write(Call call, int next, int register, long value) {
    return EfiStep.call(next, call.firmware().function(layer, "WriteRegister"), call.get(HOST), register, value);
  }

  /** An admin command. @param data address of a page; 0: none */
  private EfiStep admin(Call call, int next, int operation, long space, long data, long ten, long eleven) {
    EfiRam memory = call.firmware().memory();
    long room = call.get(ROOM);
    memory.clear(room, COMMAND);
    memory.put8(room, operation);
    memory.put32(room + 4, space);
    memory.put64(room + 24, data);
    memory.put32(room + 40, ten);
    memory.put32(room + 44, eleven);
    return EfiStep.call(next, call.firmware().function(layer, "Submit"), call.get(HOST), 0, room);
  }

  EfiStep next(Call call, long driver, long controller) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long[] host = firmware.numbers(layer, call.get(HOST));
    if (call.step() > MANAGED && call.step() < FAILED && call.result() < 0) {
      firmware.report("NVMe controller: it doesn't say what its namespaces are; what was found so far is there");
      return EfiStep.done();
    }
    if (call.step() < FAILED && call.result() < 0) {
      return failed(call);
    }
    long half = NvmeHost.submission(host, 0);
    switch (call.step()) {
      case 1 -> {
        return read(call, 2, CAPABILITIES);
      }
      case 2 -> {
        call.set(LOW, call.result());
        return read(call, 3, CAPABILITIES + 4);
      }
      case 3 -> {
        host[NvmeHost.STRIDE] = 4L << (call.result() & 15);
        host[NvmeHost.PATIENCE] = Math.max(1, call.get(LOW) >>> 24) * 500_000;
        long least = call.result() >>> 16 & 15;
        return least != 0 || (call.get(LOW) & 0xFFFF) < NvmeHost.SLOTS - 1 ? failed(call) : write(call, 4, CONFIGURATION, 0);
      }
      case 4 -> {
        return read(call, 5, STATUS);
      }
      case 5 -> {
        return (call.result() & 1) != 0 ? again(call, host, 4) : begin(call, host);
      }
      case 6 -> {
        return write(call, 7, SUBMISSION, NvmeHost.submission(host, 0) & 0xFFFF_FFFFL);
      }
      case 7 -> {
        return write(call, 8, SUBMISSION + 4, half >>> 32);
      }
      case 8 -> {
        return write(call, 9, COMPLETION, NvmeHost.completion(host, 0) & 0xFFFF_FFFFL);
      }
      case 9 -> {
        return write(call, 10, COMPLETION + 4, half >>> 32);
      }
      case 10 -> {
        call.set(WAITED, 0);
        return write(call, 11, CONFIGURATION, ENABLED);
      }
      case 11 -> {
        return read(call, 12, STATUS);
      }
      case 12 -> {
        return (call.result() & 3) != 1 ? again(call, host, 11) : admin(call, 13, IDENTIFY, 0, NvmeHost.identity(host), 1, 0);
      }
      case 13 -> {
        int most = memory.get8(NvmeHost.identity(host) + 77);
        host[NvmeHost.MOST_DATA] = most == 0 ? NvmeHost.DATA_PAGES : Math.min(NvmeHost.DATA_PAGES, 1L << Math.min(most, 20));
        return admin(call, 14, CREATE_COMPLETION, 0, NvmeHost.completion(host, 1), NvmeHost.SLOTS - 1 << 16 | 1, 1);
      }
      case 14 -> {
        return admin(call, 15, CREATE_SUBMISSION, 0, NvmeHost.submission(host, 1), NvmeHost.SLOTS - 1 << 16 | 1, 1 << 16 | 1);
      }
      case 15 -> {
        return EfiStep.call(16, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_CALLBACK, firmware.function(layer,
            "Quiesce"), call.get(HOST), call.get(ROOM));
      }
      case 16 -> {
        host[NvmeHost.EVENT] = memory.get64(call.get(ROOM));
        layer.manage(firmware, controller, call.get(HOST));
        return admin(call, 17, IDENTIFY, 0, NvmeHost.identity(host), 2, 0);
      }
      case 17 -> {
        for (int i = 0; i < MOST_NAMESPACES; i++) {
          call.set(LIST + i, memory.get32(NvmeHost.identity(host) + 4L * i));
        }
        return new EfiStep.Go(18);
      }
      case 18 -> {
        long space = call.get(SPACES) == MOST_NAMESPACES ? 0 : call.get(LIST + (int) call.get(SPACES));
        return space == 0 ? EfiStep.done() : admin(call, 19, IDENTIFY, space, NvmeHost.identity(host), 0, 0);
      }
      case 19 -> {
        layer.add(firmware, driver, controller, call.get(HOST), call.get(LIST + (int) call.get(SPACES)));
        call.set(SPACES, call.get(SPACES) + 1);
        return new EfiStep.Go(18);
      }
      case FAILED -> {
        return write(call, FAILED + 1, CONFIGURATION, 0);
      }
      default -> {
        return EfiStep.done();
      }
    }
  }

  private static EfiStep failed(Call call) {
    call.firmware().report("NVMe controller: it doesn't become ready, or refuses a command that it must know");
    return EfiStep.done(EfiStatus.DEVICE_ERROR);
  }

  private static EfiStep again(Call call, long[] host, int step) {
    call.set(WAITED, call.get(WAITED) + PAUSE);
    return call.get(WAITED) > host[NvmeHost.PATIENCE] ? failed(call) : new EfiStep.Wait(step, call.firmware().after(PAUSE));
  }

  private EfiStep begin(Call call, long[] host) {
    EfiRam memory = call.firmware().memory();
    host[NvmeHost.PAGES_AT] = call.firmware().pages(NvmeHost.PAGES);
    for (int queue = 0; queue < 2; queue++) {
      host[NvmeHost.QUEUES + queue * NvmeHost.PER_QUEUE + NvmeHost.PHASE] = 1;
    }
    for (int i = 1; i < NvmeHost.DATA_PAGES; i++) {
      memory.put64(NvmeHost.list(host) + 8L * (i - 1), NvmeHost.data(host) + (long) i * NvmeHost.PAGE);
    }
    return write(call, 6, QUEUE_ATTRIBUTES, SIZES);
  }
}

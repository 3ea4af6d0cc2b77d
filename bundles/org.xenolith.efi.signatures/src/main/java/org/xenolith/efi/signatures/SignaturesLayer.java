// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.LayerPointers;
import org.xenolith.efi.boot.kit.Ucs2;

/**
 * EFI_SECURITY2_ARCH_PROTOCOL and EFI_SECURITY_ARCH_PROTOCOL (PI 1.7, volume 2, 12.9): whoever loads an image asks whether it may be. While the variable
 * SecureBoot isn't 1, anything may; while nobody knows what it is, nothing. What may not is denied, not put off: ACCESS_DENIED, as edk2 does with files
 * of disks.
 */
final class SignaturesLayer implements EfiLayer {
  private static final int RUNTIME_SERVICES = 88;
  private static final int GET_VARIABLE = 72;
  private static final int PAGE = 4096;
  private static final int MOST_DATABASE = 1 << 20;
  private static final int NAME_AT = 32;
  private static final String[] DATABASES = {"db", "dbx"};
  // Numbers of the protocols: what SecureBoot was when it was asked for last; where the protocol is that keeps this for both, 0: it is this one.
  private static final int BEFORE = 0;
  private static final int KEEPER = 1;
  private static final int NUMBERS = 2;
  // What it was: off or not there, on or not to be read; 0: it was never asked for with an answer.
  private static final int OFF = 1;
  private static final int MAYBE_ON = 2;

  /** Numbers of FileAuthentication: memory for answers; then address and bytes of db, and of dbx. */
  private enum Slot {
    ROOM, DATABASES
  }

  private enum Authenticating {
    READ_SECURE_BOOT, SEE_SECURE_BOOT, READ_ALLOWED, READ_FORBIDDEN, KEEP_ALLOWED, KEEP_FORBIDDEN, JUDGE;

    private static final Authenticating[] ALL = values();
  }

  private enum Reading {
    READ_SIZE, ALLOCATE, SEE_DATA, GIVE;

    private static final Reading[] ALL = values();
  }

  /** Numbers of GetDatabase: memory for size and name, the pages and bytes of the database. */
  private enum DatabaseSlot {
    ROOM, PAGES, SIZE
  }

  @Override
  public String name() {
    return "efi.signatures";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public void begin(Firmware firmware) {
    long first = firmware.interfaceMemory(this, 8, NUMBERS);
    LayerPointers.write(firmware, this, first, "FileAuthenticationState");
    long second = firmware.interfaceMemory(this, 8, NUMBERS);
    firmware.numbers(this, first)[KEEPER] = second;
    LayerPointers.write(firmware, this, second, "FileAuthentication");
    long handle = firmware.handles().install(0, Protocol.SECURITY, first);
    firmware.handles().install(handle, Protocol.SECURITY2, second);
  }

  @Override
  public EfiFunction function(String name) {
    return switch (name) {
      case "FileAuthentication" -> this::authenticate;
      case "FileAuthenticationState" -> this::authenticateState;
      case "GetVariable" -> this::variable;
      case "GetDatabase" -> this::database;
      default -> null;
    };
  }

  /** Arguments: this, the file's device path or 0, its bytes or 0, how many, whether the boot manager asks. Without bytes the question is whether a device may be used. */
  private EfiStep authenticate(Call call) {
    Firmware firmware = call.firmware();
    switch (call.step(Authenticating.ALL)) {
      case READ_SECURE_BOOT -> {
        firmware.numbers(this, call.argument(0));
        if (call.argument(2) == 0) {
          return EfiStep.done(call.argument(1) == 0 ? EfiStatus.ACCESS_DENIED : EfiStatus.SUCCESS);
        }
        call.set(Slot.ROOM, call.room(16));
        return secureBoot(call, Authenticating.SEE_SECURE_BOOT);
      }
      case SEE_SECURE_BOOT -> {
        if (isUnread(call)) {
          return EfiStep.done(EfiStatus.ACCESS_DENIED);
        }
        return isOn(call) ? new EfiStep.Go(Authenticating.READ_ALLOWED) : EfiStep.done();
      }
      case READ_ALLOWED -> {
        return read(call, Authenticating.KEEP_ALLOWED, 0);
      }
      case READ_FORBIDDEN -> {
        return read(call, Authenticating.KEEP_FORBIDDEN, 1);
      }
      case KEEP_ALLOWED -> {
        return keep(call, Authenticating.READ_FORBIDDEN, 0);
      }
      case KEEP_FORBIDDEN -> {
        return keep(call, Authenticating.JUDGE, 1);
      }
      default -> {
        return judge(call);
      }
    }
  }

  private EfiStep read(Call call, Authenticating next, int database) {
    return EfiStep.call(next, call.firmware().function(this, "GetDatabase"), database, call.get(Slot.ROOM));
  }

  private EfiStep keep(Call call, Authenticating next, int database) {
    Firmware firmware = call.firmware();
    if (call.result() < 0) {
      firmware.report("efi-signatures: " + DATABASES[database] + " can't be read: " + EfiStatus.of(call.result())
          + "; no image is started until it can");
      free(call);
      return EfiStep.done(EfiStatus.ACCESS_DENIED);
    }
    call.set(Slot.DATABASES, 2 * database, firmware.memory().get64(call.get(Slot.ROOM)));
    call.set(Slot.DATABASES, 2 * database + 1, firmware.memory().get64(call.get(Slot.ROOM) + 8));
    return new EfiStep.Go(next);
  }

  private EfiStep judge(Call call) {
    Firmware firmware = call.firmware();
    byte[][] databases = new byte[2][];
    for (int i = 0; i < 2; i++) {
      databases[i] = firmware.memory().read(call.get(Slot.DATABASES, 2 * i), (int) call.get(Slot.DATABASES, 2 * i + 1));
    }
    free(call);
    Optional<String> objection = call.argument(3) <= 0 || call.argument(3) > Integer.MAX_VALUE ? Optional.of("it has 0x" + Long.toHexString(
        call.argument(3)) + " bytes; take a file that is whole")
        : new ImagePolicy(databases[0], databases[1]).objection(firmware.memory(), call.argument(2), call.argument(3));
    objection.ifPresent(why -> firmware.report("efi-signatures: " + file(firmware, call.argument(1))
        + " is not started, as Secure Boot is on: "
        + why));
    return EfiStep.done(objection.isPresent() ? EfiStatus.ACCESS_DENIED : EfiStatus.SUCCESS);
  }

  private static String file(Firmware firmware, long path) {
    try {
      return path == 0 ? "a file in memory" : DevicePathText.of(DevicePath.read(firmware.memory(), path));
    } catch (EfiError e) {
      return "a file whose path can't be read";
    }
  }

  private void free(Call call) {
    for (int i = 0; i < 2 * DATABASES.length; i += 2) {
      if (call.get(Slot.DATABASES, i) != 0) {
        call.firmware().freePages(call.get(Slot.DATABASES, i), pages(call.get(Slot.DATABASES, i + 1)));
        call.set(Slot.DATABASES, i, 0);
      }
    }
  }

  /** Arguments: this, what a firmware volume's section said, the file's device path. Nothing is known of a file without its bytes. */
  private EfiStep authenticateState(Call call) {
    call.firmware().numbers(this, call.argument(0));
    if (call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (call.isAt(AskOnce.ASK)) {
      call.set(Slot.ROOM, call.room(16));
      return secureBoot(call, AskOnce.ANSWERED);
    }
    return EfiStep.done(isUnread(call) || isOn(call) ? EfiStatus.ACCESS_DENIED : EfiStatus.SUCCESS);
  }

  private EfiStep secureBoot(Call call, Enum<?> next) {
    long name = call.room(Ucs2.bytes("SecureBoot").length);
    call.firmware().memory().write(name, Ucs2.bytes("SecureBoot"));
    call.firmware().memory().put64(call.get(Slot.ROOM) + 8, 1);
    return EfiStep.call(next, call.firmware().function(this, "GetVariable"), name, 0, call.get(Slot.ROOM) + 8, call.get(Slot.ROOM));
  }

  /**
   * Whether nobody knows if Secure Boot is on, which isn't permission. Firmware without this variable (NOT_FOUND) verifies nothing, nor
   * does one that has never had any (NOT_READY). Where they have gone, nothing has changed them since.
   */
  private boolean isUnread(Call call) {
    long[] numbers = call.firmware().numbers(this, call.argument(0));
    if (numbers[KEEPER] != 0) {
      numbers = call.firmware().numbers(this, numbers[KEEPER]);
    }
    EfiStatus status = EfiStatus.of(call.result());
    if (status == EfiStatus.SUCCESS || status == EfiStatus.NOT_FOUND) {
      numbers[BEFORE] = isOn(call) ? MAYBE_ON : OFF;
      return false;
    }
    if (status == EfiStatus.NOT_READY) {
      if (numbers[BEFORE] != MAYBE_ON) {
        return false;
      }
      call.firmware().report("efi-signatures: variables have gone while Secure Boot was on or couldn't be read; no image is started until "
          + "they are back");
      return true;
    }
    numbers[BEFORE] = MAYBE_ON;
    call.firmware().report("efi-signatures: SecureBoot can't be read: " + (status == null ? "0x" + Long.toHexString(call.result()) : status)
        + "; no image is started until it can");
    return true;
  }

  private boolean isOn(Call call) {
    return call.result() == 0 && call.firmware().memory().get8(call.get(Slot.ROOM)) == 1;
  }

  private static long pages(long bytes) {
    return Math.max(1, (bytes + PAGE - 1) / PAGE);
  }

  /** Arguments: its number, and where address and bytes are put; the pages are the caller's. A database that isn't there is empty. */
  private EfiStep database(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step(Reading.ALL)) {
      case READ_SIZE -> {
        call.set(DatabaseSlot.ROOM, call.room(NAME_AT));
        memory.write(call.get(DatabaseSlot.ROOM) + 16, Ucs2.bytes(DATABASES[(int) call.argument(0) & 1]));
        return EfiStep.call(Reading.ALLOCATE, firmware.function(this, "GetVariable"), call.get(DatabaseSlot.ROOM) + 16, 1, call.get(
            DatabaseSlot.ROOM), 0);
      }
      case ALLOCATE -> {
        long size = memory.get64(call.get(DatabaseSlot.ROOM));
        EfiStatus status = EfiStatus.of(call.result());
        if (status == EfiStatus.NOT_FOUND) {
          size = 0;
        } else if (status != EfiStatus.BUFFER_TOO_SMALL || size > MOST_DATABASE || size < 0) {
          return EfiStep.done(call.result() < 0 && status != EfiStatus.BUFFER_TOO_SMALL ? call.result() : EfiStatus.OUT_OF_RESOURCES
              .code());
        }
        call.set(DatabaseSlot.PAGES, firmware.pages(pages(size)));
        call.set(DatabaseSlot.SIZE, size);
        return size == 0 ? new EfiStep.Go(Reading.GIVE) : EfiStep.call(Reading.SEE_DATA, firmware.function(this, "GetVariable"), call.get(
            DatabaseSlot.ROOM) + 16, 1, call.get(DatabaseSlot.ROOM),
            call.get(DatabaseSlot.PAGES));
      }
      case SEE_DATA -> {
        if (call.result() != 0) {
          firmware.freePages(call.get(DatabaseSlot.PAGES), pages(call.get(DatabaseSlot.SIZE)));
          return EfiStep.done(call.result());
        }
        return new EfiStep.Go(Reading.GIVE);
      }
      default -> {
        memory.put64(call.argument(1), call.get(DatabaseSlot.PAGES));
        memory.put64(call.argument(1) + 8, call.get(DatabaseSlot.SIZE));
        return EfiStep.done();
      }
    }
  }

  /** Arguments: the name, whether it is of the databases' vendor, where its size is, and where it goes. By the runtime service's pointer. */
  private EfiStep variable(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    EfiRam memory = call.firmware().memory();
    long vendor = call.room(EfiGuid.SIZE);
    memory.write(vendor, (call.argument(1) == 0 ? EfiGuid.GLOBAL_VARIABLE : EfiGuid.IMAGE_SECURITY_DATABASE).toBytes());
    long services = memory.get64(call.firmware().systemTable() + RUNTIME_SERVICES);
    return EfiStep.call(AskOnce.ANSWERED, memory.get64(services + GET_VARIABLE), call.argument(0), vendor, 0, call.argument(2), call
        .argument(3));
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;

/**
 * The store of EFI's variables. An operation is a byte (low 4 bits: which, see {@link #operation}), what a write is of, and how much; data
 * are any bytes, or those that follow.
 */
final class EfiVariablesAttack implements Attack {
  private static final int MOST_OPERATIONS = 64;
  private static final int[] ATTRIBUTES = {7, 3, 6, 2, 7, 0x27, 0, 4, 1, 0xF, 0x17, 0x87, 0x67, 0x100};
  private static final String[] NAMES = {"A", "Boot0000", "BootOrder", "PK", "KEK", "db", "dbx", "SecureBoot", "SetupMode", "",
      "HwErrRec0001", "\ud800\uffff", "N".repeat(200), "B", "C", "D"};
  private static final EfiGuid[] VENDORS = {EfiGuid.GLOBAL_VARIABLE, EfiGuid.IMAGE_SECURITY_DATABASE, EfiGuid.HARDWARE_ERROR_VARIABLE,
      EfiGuid.of("00000000-0000-0000-0000-000000000000")};

  private EfiMachine machine;
  private StoreDisk disk;
  private KnownVariables known;

  @Override
  public String word() {
    return "efivariables";
  }

  @Override
  public String says() {
    return "operations on EFI's variables: writes, appends and deletions with any attributes and bytes, signed or not, reads, enumerations, "
        + "resets, writes to the disk that fail in the middle, and damage of the disk, which is read again";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.**");
  }

  @Override
  public void fresh() {
    if (machine != null) {
      machine.close();
      machine = null;
    }
  }

  @Override
  public List<String> execute(byte[] bytes) {
    if (machine == null) {
      machine = new EfiMachine();
    }
    InputBytes input = new InputBytes(bytes);
    disk = new StoreDisk();
    known = new KnownVariables();
    machine.attach(disk);
    machine.reset();
    List<String> wrong = new ArrayList<>(known.differences(machine.variables));
    for (int i = 0; i < MOST_OPERATIONS && !input.end() && wrong.isEmpty(); i++) {
      wrong.addAll(operation(input));
      wrong.addAll(known.differences(machine.variables));
      wrong.addAll(machine.faults());
    }
    disk.mend();
    if (wrong.isEmpty()) {
      wrong.addAll(reset());
      wrong.addAll(known.differences(machine.variables));
      wrong.addAll(machine.faults());
    }
    return wrong;
  }

  private List<String> operation(InputBytes input) {
    int which = input.next();
    return switch (which & 15) {
      case 0, 1, 2, 3, 4 -> write(input, 0);
      case 5 -> write(input, 0x40);
      case 6 -> {
        VariableName name = name(input);
        yield write(name, (which & 16) == 0 ? 0 : 7, new byte[0]);
      }
      case 7 -> {
        VariableName name = name(input);
        machine.variables.getVariable(name, input.next(2));
        machine.variables.getVariable(name, -1);
        yield List.of();
      }
      case 8 -> {
        machine.variables.getNextVariableName(name(input), input.next(2));
        yield List.of();
      }
      case 9 -> space((int) input.next(2));
      case 10 -> {
        CounterAnswer answer = machine.variables.getNextHighMonotonicCount();
        yield known.counted(answer.status(), answer.high());
      }
      case 11 -> {
        machine.variables.exitBootServices();
        known.runTime();
        yield List.of();
      }
      case 12, 13 -> reset();
      case 14 -> {
        disk.bytes[(int) (input.next(2) % disk.bytes.length)] ^= (byte) Math.max(1, input.next());
        known.damaged();
        yield reset();
      }
      default -> {
        disk.failAfter(which >>> 6, (int) input.next(2) & 0x3FF);
        yield List.of();
      }
    };
  }

  private List<String> reset() {
    disk.mend();
    machine.reset();
    return known.reset(machine.variables);
  }

  private static VariableName name(InputBytes input) {
    int which = input.next();
    return new VariableName(NAMES[which & 15], VENDORS[which >>> 4 & 3]);
  }

  private List<String> write(InputBytes input, int more) {
    VariableName name = name(input);
    int which = input.next();
    int attributes = which >>> 4 == 15 ? (int) input.next(4) : ATTRIBUTES[(which & 15) % ATTRIBUTES.length];
    int size = input.next();
    byte[] data = size < 0x80 ? input.take(size) : new byte[(size & 0x7F) << 5];
    if (size >= 0x80) {
      Arrays.fill(data, (byte) size);
    }
    return write(name, attributes | more, data);
  }

  private List<String> write(VariableName name, int attributes, byte[] data) {
    EfiStatus status = machine.variables.setVariable(name, attributes, data);
    known.wrote(name, attributes, data, status, machine.variables);
    return status == EfiStatus.NOT_READY ? List.of("a write finds no store") : List.of();
  }

  private List<String> space(int attributes) {
    SpaceAnswer answer = machine.variables.queryVariableInfo(attributes);
    boolean sane = answer.remainingStorage() >= 0 && answer.remainingStorage() <= answer.maximumStorage() && answer.maximumVariable() >= 0
        && answer.maximumVariable() <= Math.max(answer.maximumStorage(), 0);
    return sane ? List.of() : List.of("room for attributes 0x" + Integer.toHexString(attributes) + ": " + answer);
  }
}

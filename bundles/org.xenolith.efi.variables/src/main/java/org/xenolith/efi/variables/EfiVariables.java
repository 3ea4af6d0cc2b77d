// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.xenolith.efi.api.VariableAttributes.ALL;
import static org.xenolith.efi.api.VariableAttributes.APPEND_WRITE;
import static org.xenolith.efi.api.VariableAttributes.AUTHENTICATED_WRITE_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.BOOTSERVICE_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.ENHANCED_AUTHENTICATED_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.HARDWARE_ERROR_RECORD;
import static org.xenolith.efi.api.VariableAttributes.NON_VOLATILE;
import static org.xenolith.efi.api.VariableAttributes.RUNTIME_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.TIME_BASED_AUTHENTICATED_WRITE_ACCESS;

import java.util.Arrays;
import java.util.Set;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableStore;
import org.xenolith.efi.secure.kit.SignatureLists;

/** The variable services (UEFI 2.10, 8.2): what may be asked of the variables in a table. */
final class EfiVariables implements VariableStore {
  private static final int ACCESS = BOOTSERVICE_ACCESS | RUNTIME_ACCESS;
  private static final int ERROR_RECORD = NON_VOLATILE | ACCESS | HARDWARE_ERROR_RECORD;
  /** Room for signatures and certificates before the data of an authenticated write. */
  private static final int MOST_SIGNATURE = 32 << 10;
  private static final VariableName SETUP_MODE = VariableName.global("SetupMode");
  private static final VariableName SECURE_BOOT = VariableName.global("SecureBoot");
  private static final VariableName SIGNATURE_SUPPORT = VariableName.global("SignatureSupport");
  private static final VariableName VENDOR_KEYS = VariableName.global("VendorKeys");
  /** The firmware's own: nobody else changes them. */
  private static final Set<VariableName> READ_ONLY = Set.of(SETUP_MODE, SECURE_BOOT, SIGNATURE_SUPPORT, VENDOR_KEYS);

  private final StorePolicy policy;
  private final VariableTable table;
  private final SecureVariables secure;
  private boolean runTime;
  /** Whether the firmware verifies images that it starts. */
  private boolean verifying;
  /** Whether the counter was read since the machine was reset, which counts, too. */
  private boolean counted;

  EfiVariables(StorePolicy policy, VariableTable table) {
    this.policy = policy;
    this.table = table;
    secure = new SecureVariables(table::get);
  }

  /** As after power-on, with what a log has. */
  void reset(LogContents contents) {
    runTime = false;
    verifying = false;
    counted = false;
    table.clear();
    firmware(SIGNATURE_SUPPORT, SignatureLists.supported());
    firmware(VENDOR_KEYS, (byte) 0);
    firmware(SETUP_MODE, (byte) 1);
    firmware(SECURE_BOOT, (byte) 0);
    load(contents);
  }

  /** Another log is there, and nobody has looked yet which keys it has. */
  void load(LogContents contents) {
    table.load(contents);
    showMode();
  }

  private void firmware(VariableName name, byte... value) {
    table.show(StoredVariable.plain(name, ACCESS, value));
  }

  /** SecureBoot says what the firmware did when it started images: at run time it stays. */
  private void showMode() {
    boolean setup = secure.isSetupMode();
    firmware(SETUP_MODE, (byte) (setup ? 1 : 0));
    if (!runTime) {
      firmware(SECURE_BOOT, (byte) (!setup && (verifying || policy.secureBoot()) ? 1 : 0));
    }
  }

  boolean isRunTime() { return runTime; }

  /** From a snapshot. */
  void runTime(boolean over) {
    runTime = over;
  }

  boolean isVerifying() { return verifying; }

  /** From a snapshot: SecureBoot is there with the other variables. */
  void verifying(boolean was) {
    verifying = was;
  }

  boolean isCounted() { return counted; }

  /** From a snapshot. */
  void counted(boolean was) {
    counted = was;
  }

  @Override
  public void exitBootServices() {
    runTime = true;
  }

  @Override
  public void verifiesImages(boolean verifies) {
    verifying = verifies;
    showMode();
  }

  private boolean isSeen(StoredVariable variable) {
    return variable != null && (!runTime || variable.isSeenAtRunTime());
  }

  @Override
  public VariableAnswer getVariable(VariableName name, long bufferSize) {
    StoredVariable variable = table.get(name);
    if (!isSeen(variable)) {
      return VariableAnswer.of(EfiStatus.NOT_FOUND);
    }
    int size = variable.data().length;
    return Long.compareUnsigned(bufferSize, size) < 0
        ? new VariableAnswer(EfiStatus.BUFFER_TOO_SMALL, variable.attributes(), size, new byte[0])
        : new VariableAnswer(EfiStatus.SUCCESS, variable.attributes(), size, variable.data().clone());
  }

  @Override
  public NameAnswer getNextVariableName(VariableName previous, long bufferSize) {
    boolean passed = previous.text().isEmpty();
    for (StoredVariable variable : table.all()) {
      if (isSeen(variable)) {
        if (passed) {
          VariableName name = variable.name();
          return Long.compareUnsigned(bufferSize, name.bytes()) < 0 ? new NameAnswer(EfiStatus.BUFFER_TOO_SMALL, name.bytes(), null)
              : new NameAnswer(EfiStatus.SUCCESS, name.bytes(), name);
        }
        passed = variable.name().equals(previous);
      }
    }
    return NameAnswer.of(passed ? EfiStatus.NOT_FOUND : EfiStatus.INVALID_PARAMETER);
  }

  @Override
  public SpaceAnswer queryVariableInfo(int attributes) {
    EfiStatus status = combination(attributes);
    if (status == EfiStatus.SUCCESS && ((attributes & ACCESS) == 0 || runTime && (attributes & RUNTIME_ACCESS) == 0)) {
      status = EfiStatus.INVALID_PARAMETER;
    } else if (status == EfiStatus.SUCCESS && (attributes & HARDWARE_ERROR_RECORD) != 0 && policy.hardwareErrorBytes() == 0) {
      status = EfiStatus.UNSUPPORTED;
    }
    if (status != EfiStatus.SUCCESS) {
      return SpaceAnswer.of(status);
    }
    long maximum = table.maximum(attributes);
    return new SpaceAnswer(EfiStatus.SUCCESS, maximum, policy.full() ? 0 : table.remaining(attributes, null),
        Math.min(maximum, policy.maximumVariable()));
  }

  /** Whether attributes may be combined like this, whatever they are for. */
  private static EfiStatus combination(int attributes) {
    if ((attributes & ~ALL) != 0 || (attributes & ACCESS) == RUNTIME_ACCESS
        || (attributes & HARDWARE_ERROR_RECORD) != 0 && (attributes & NON_VOLATILE) == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    return (attributes & (AUTHENTICATED_WRITE_ACCESS | ENHANCED_AUTHENTICATED_ACCESS)) == 0 ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED;
  }

  @Override
  public EfiStatus setVariable(VariableName name, int attributes, byte[] data) {
    StoredVariable before = table.get(name);
    EfiStatus status = name.text().isEmpty() ? EfiStatus.INVALID_PARAMETER : allowed(name, attributes, data, before);
    if (status != EfiStatus.SUCCESS) {
      return status;
    }
    if (SecureVariables.isPolicy(name) || before != null && before.isAuthenticated()
        || (attributes & TIME_BASED_AUTHENTICATED_WRITE_ACCESS) != 0 && (before == null || (attributes & ACCESS) != 0)) {
      return authenticated(name, attributes, data, before);
    }
    return plain(name, attributes, data, before);
  }

  private EfiStatus allowed(VariableName name, int attributes, byte[] data, StoredVariable before) {
    EfiStatus status = combination(attributes);
    if (status != EfiStatus.SUCCESS) {
      return status;
    } else if ((attributes & HARDWARE_ERROR_RECORD) != 0 && !isErrorRecord(name, attributes)) {
      return EfiStatus.INVALID_PARAMETER;
    } else if (READ_ONLY.contains(name)) {
      return EfiStatus.WRITE_PROTECTED;
    } else if (before != null && runTime && !(before.isSeenAtRunTime() && before.isNonVolatile())) {
      return EfiStatus.WRITE_PROTECTED;
    } else if (before != null && (attributes & ACCESS) != 0 && (attributes & ~APPEND_WRITE) != before.attributes()) {
      return EfiStatus.INVALID_PARAMETER;
    } else if (before == null && (attributes & ACCESS) != 0 && data.length > 0 && !SpecifiedVariables.allow(name, attributes
        & ~APPEND_WRITE)) {
          return EfiStatus.INVALID_PARAMETER;
        }
    long most = policy.maximumVariable() + ((attributes & TIME_BASED_AUTHENTICATED_WRITE_ACCESS) != 0 ? MOST_SIGNATURE : 0);
    return name.bytes() + (long) data.length > most ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS;
  }

  /** Error records have a name and a vendor that the specification gives them, and all attributes (UEFI 2.10, 8.2.4.2). */
  private static boolean isErrorRecord(VariableName name, int attributes) {
    return name.vendor().equals(EfiGuid.HARDWARE_ERROR_VARIABLE) && name.text().matches("HwErrRec\\p{XDigit}{4}")
        && ((attributes & ~APPEND_WRITE) == ERROR_RECORD || (attributes & ACCESS) == 0);
  }

  private EfiStatus plain(VariableName name, int attributes, byte[] data, StoredVariable before) {
    boolean append = (attributes & APPEND_WRITE) != 0;
    if ((attributes & ACCESS) == 0 || data.length == 0 && !append) {
      return before == null ? EfiStatus.NOT_FOUND : table.delete(before);
    } else if (data.length == 0) {
      return EfiStatus.SUCCESS;
    }
    byte[] content = data.clone();
    if (append && before != null) {
      content = Arrays.copyOf(before.data(), before.data().length + data.length);
      System.arraycopy(data, 0, content, before.data().length, data.length);
    }
    return put(StoredVariable.plain(name, attributes & ~APPEND_WRITE, content), before);
  }

  private EfiStatus authenticated(VariableName name, int attributes, byte[] data, StoredVariable before) {
    boolean timed = (attributes & TIME_BASED_AUTHENTICATED_WRITE_ACCESS) != 0;
    if (SecureVariables.isPolicy(name) && (!timed || (attributes & NON_VOLATILE) == 0)) {
      return EfiStatus.INVALID_PARAMETER;
    } else if (!timed) {
      return EfiStatus.WRITE_PROTECTED;
    }
    SecureVariables.Update update = secure.judge(name, attributes, data);
    EfiStatus status = update.status();
    if (status == EfiStatus.SUCCESS && update.deleted()) {
      status = table.delete(before);
    } else if (status == EfiStatus.SUCCESS && update.variable() != null) {
      status = put(update.variable(), before);
    }
    if (status == EfiStatus.SUCCESS && name.equals(SecureVariables.PLATFORM_KEY)) {
      showMode();
    }
    return status;
  }

  private EfiStatus put(StoredVariable variable, StoredVariable before) {
    if (before == null && runTime && !(variable.isSeenAtRunTime() && variable.isNonVolatile())) {
      return EfiStatus.INVALID_PARAMETER;
    } else if (variable.name().bytes() + (long) variable.data().length > policy.maximumVariable()) {
      return before == null ? EfiStatus.INVALID_PARAMETER : EfiStatus.OUT_OF_RESOURCES;
    }
    return table.put(variable);
  }

  /** A reset counts, too; it isn't written until somebody asks, so that a machine that is only started leaves its disk as it is. */
  @Override
  public CounterAnswer getNextHighMonotonicCount() {
    int high = table.counter() + (counted ? 1 : 2);
    EfiStatus status = table.count(high);
    counted |= status == EfiStatus.SUCCESS;
    return status == EfiStatus.SUCCESS ? new CounterAnswer(status, high) : CounterAnswer.of(status);
  }
}

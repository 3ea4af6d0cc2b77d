// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import static org.xenolith.efi.api.VariableAttributes.BOOTSERVICE_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.NON_VOLATILE;
import static org.xenolith.efi.api.VariableAttributes.RUNTIME_ACCESS;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** The room for ordinary non-volatile variables as it was when the hypervisor booted: state, for Dom0 may ask at any time. */
final class BootSpace {
  /** Attributes of such variables. */
  static final int ATTRIBUTES = NON_VOLATILE | BOOTSERVICE_ACCESS | RUNTIME_ACCESS;
  private static final int NEVER = -1;

  private final RuntimeServices services;
  /** The ordinal of the status that the firmware answered. */
  private final LongCell status;
  private final LongCell maximumStorage;
  private final LongCell remainingStorage;
  private final LongCell maximumVariable;

  /** @param services null if there are none, so that nobody will ask */
  BootSpace(DeviceState state, RuntimeServices services) {
    this.services = services;
    status = state.cell("boot-space-status", NEVER);
    maximumStorage = state.cell("boot-space-maximum", 0);
    remainingStorage = state.cell("boot-space-remaining", 0);
    maximumVariable = state.cell("boot-space-variable", 0);
  }

  /** Asks the firmware; what wasn't ready is asked again when somebody wants to know. */
  void take() {
    if (services == null) {
      return;
    }
    SpaceAnswer answer = services.queryVariableInfo(ATTRIBUTES);
    if (answer.status() != EfiStatus.NOT_READY) {
      status.value = answer.status().ordinal();
      maximumStorage.value = answer.maximumStorage();
      remainingStorage.value = answer.remainingStorage();
      maximumVariable.value = answer.maximumVariable();
    }
  }

  /** What was answered then. */
  SpaceAnswer answer() {
    if (status.value == NEVER) {
      take();
    }
    int known = (int) status.value;
    return known < 0 || known >= EfiStatus.values().length ? SpaceAnswer.of(EfiStatus.NOT_READY)
        : new SpaceAnswer(EfiStatus.values()[known], maximumStorage.value, remainingStorage.value, maximumVariable.value);
  }
}

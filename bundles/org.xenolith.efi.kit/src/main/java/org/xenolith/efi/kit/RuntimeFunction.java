// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.util.EnumSet;
import java.util.Set;

/** The runtime services in the order of their pointers in EFI_RUNTIME_SERVICES (UEFI 2.10, 4.5.1). */
public enum RuntimeFunction {
  GET_TIME(0x0001),
  SET_TIME(0x0002),
  GET_WAKEUP_TIME(0x0004),
  SET_WAKEUP_TIME(0x0008),
  SET_VIRTUAL_ADDRESS_MAP(0x0080),
  CONVERT_POINTER(0x0100),
  GET_VARIABLE(0x0010),
  GET_NEXT_VARIABLE_NAME(0x0020),
  SET_VARIABLE(0x0040),
  GET_NEXT_HIGH_MONOTONIC_COUNT(0x0200),
  RESET_SYSTEM(0x0400),
  UPDATE_CAPSULE(0x0800),
  QUERY_CAPSULE_CAPABILITIES(0x1000),
  QUERY_VARIABLE_INFO(0x2000);

  private final int supported;

  RuntimeFunction(int supported) {
    this.supported = supported;
  }

  /**
   * The functions that firmware without capsules offers.
   *
   * @param clock     whether there is a clock
   * @param variables whether there are variables
   */
  public static Set<RuntimeFunction> offered(boolean clock, boolean variables) {
    Set<RuntimeFunction> offered = EnumSet.of(SET_VIRTUAL_ADDRESS_MAP, CONVERT_POINTER, RESET_SYSTEM);
    if (clock) {
      offered.addAll(EnumSet.of(GET_TIME, SET_TIME, GET_WAKEUP_TIME, SET_WAKEUP_TIME));
    }
    if (variables) {
      offered.addAll(EnumSet.of(GET_VARIABLE, GET_NEXT_VARIABLE_NAME, SET_VARIABLE, GET_NEXT_HIGH_MONOTONIC_COUNT, QUERY_VARIABLE_INFO));
    }
    return offered;
  }

  /** Its bit in EFI_RT_PROPERTIES_TABLE.RuntimeServicesSupported (UEFI 2.10, 4.6.2). */
  public int supported() {
    return supported;
  }
}

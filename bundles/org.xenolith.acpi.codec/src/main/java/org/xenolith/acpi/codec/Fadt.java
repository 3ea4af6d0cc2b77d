// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.address;
import static org.xenolith.acpi.codec.FieldSpec.bytes;
import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

/** Fixed ACPI Description Table (ACPI 6.5, 5.2.9). Its signature is FACP. */
public final class Fadt {
  /** Behind the header. */
  public enum Field implements TableField {
    FIRMWARE_CTRL(number(36, 4)),
    DSDT(number(40, 4)),
    /** In ACPI 1.0 the interrupt model. */
    RESERVED_44(number(44, 1)),
    PREFERRED_PM_PROFILE(number(45, 1)),
    SCI_INT(number(46, 2)),
    SMI_CMD(number(48, 4)),
    ACPI_ENABLE(number(52, 1)),
    ACPI_DISABLE(number(53, 1)),
    S4BIOS_REQ(number(54, 1)),
    PSTATE_CNT(number(55, 1)),
    PM1A_EVT_BLK(number(56, 4)),
    PM1B_EVT_BLK(number(60, 4)),
    PM1A_CNT_BLK(number(64, 4)),
    PM1B_CNT_BLK(number(68, 4)),
    PM2_CNT_BLK(number(72, 4)),
    PM_TMR_BLK(number(76, 4)),
    GPE0_BLK(number(80, 4)),
    GPE1_BLK(number(84, 4)),
    PM1_EVT_LEN(number(88, 1)),
    PM1_CNT_LEN(number(89, 1)),
    PM2_CNT_LEN(number(90, 1)),
    PM_TMR_LEN(number(91, 1)),
    GPE0_BLK_LEN(number(92, 1)),
    GPE1_BLK_LEN(number(93, 1)),
    GPE1_BASE(number(94, 1)),
    CST_CNT(number(95, 1)),
    P_LVL2_LAT(number(96, 2)),
    P_LVL3_LAT(number(98, 2)),
    FLUSH_SIZE(number(100, 2)),
    FLUSH_STRIDE(number(102, 2)),
    DUTY_OFFSET(number(104, 1)),
    DUTY_WIDTH(number(105, 1)),
    DAY_ALRM(number(106, 1)),
    MON_ALRM(number(107, 1)),
    CENTURY(number(108, 1)),
    IAPC_BOOT_ARCH(number(109, 2)),
    RESERVED_111(reserved(111, 1)),
    FLAGS(number(112, 4)),
    RESET_REG(address(116)),
    RESET_VALUE(number(128, 1)),
    /** {@link #PSCI_COMPLIANT} and {@link #PSCI_USE_HVC}. */
    ARM_BOOT_ARCH(number(129, 2)),
    FADT_MINOR_VERSION(number(131, 1)),
    X_FIRMWARE_CTRL(number(132, 8)),
    X_DSDT(number(140, 8)),
    X_PM1A_EVT_BLK(address(148)),
    X_PM1B_EVT_BLK(address(160)),
    X_PM1A_CNT_BLK(address(172)),
    X_PM1B_CNT_BLK(address(184)),
    X_PM2_CNT_BLK(address(196)),
    X_PM_TMR_BLK(address(208)),
    X_GPE0_BLK(address(220)),
    X_GPE1_BLK(address(232)),
    SLEEP_CONTROL_REG(address(244)),
    SLEEP_STATUS_REG(address(256)),
    /** Since 6.0: who the hypervisor is, eight characters. */
    HYPERVISOR_VENDOR_IDENTITY(bytes(268, 8));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("FACP", "ACPI 6.5, 5.2.9", Field.values());
  /** FLAGS: WBINVD works. */
  public static final long WBINVD = 1;
  /** FLAGS: C1 is there on all processors. */
  public static final long PROC_C1 = 1 << 2;
  /** FLAGS: the power button isn't one of the fixed hardware. */
  public static final long PWR_BUTTON = 1 << 4;
  /** FLAGS: the sleep button isn't one of the fixed hardware. */
  public static final long SLP_BUTTON = 1 << 5;
  /** FLAGS: that the RTC wakes isn't seen in the fixed hardware. */
  public static final long FIX_RTC = 1 << 6;
  /** FLAGS: the timer has 32 bits, not 24. */
  public static final long TMR_VAL_EXT = 1 << 8;
  /** FLAGS: RESET_REG is there. */
  public static final long RESET_REG_SUP = 1 << 10;
  /** FLAGS: there is none of the fixed hardware. The one kind that Arm has. */
  public static final long HW_REDUCED_ACPI = 1L << 20;
  /** FLAGS: idle saves as much as sleep. */
  public static final long LOW_POWER_S0_IDLE_CAPABLE = 1L << 21;
  /** IAPC_BOOT_ARCH: there are devices on an ISA bus that users see. */
  public static final long LEGACY_DEVICES = 1;
  /** IAPC_BOOT_ARCH: there is a keyboard controller at port 0x60. */
  public static final long KEYBOARD_8042 = 1 << 1;
  /** IAPC_BOOT_ARCH: nobody must look for a VGA. */
  public static final long VGA_NOT_PRESENT = 1 << 2;
  /** IAPC_BOOT_ARCH: there is no RTC at port 0x70. */
  public static final long CMOS_RTC_NOT_PRESENT = 1 << 5;
  /** IAPC_BOOT_ARCH: no function of PCI may send messages. Linux heeds it on Arm, too (drivers/pci/pci-acpi.c). */
  public static final long MSI_NOT_SUPPORTED = 1 << 3;
  /** ARM_BOOT_ARCH: processors are started by PSCI. */
  public static final long PSCI_COMPLIANT = 1;
  /** ARM_BOOT_ARCH: its calls are HVC, not SMC. */
  public static final long PSCI_USE_HVC = 2;

  private Fadt() {}
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * What a domain is created with: flags, limits of the ABI, interrupt controller, state of a new vCPU ({@code
 * domctl.h}, {@code arch-arm.h}). Names as there.
 */
public final class DomainConfig {
  public static final int PSR_MODE_EL0t = 0;
  public static final int PSR_MODE_EL1t = 4;
  public static final int PSR_MODE_EL1h = 5;
  public static final int PSR_MODE_BIT = 16;
  public static final int PSR_FIQ_MASK = 64;
  public static final int PSR_IRQ_MASK = 128;
  public static final int PSR_ABT_MASK = 0x100;
  public static final int PSR_GUEST64_INIT = 0x1c5;
  public static final int PSR_DBG_MASK = 0x200;
  public static final int PSR_GUEST32_INIT = 0x400001d3;
  public static final int SCTLR_GUEST_INIT = 0xc50078;
  public static final int VGCF_online = 1;
  public static final int XEN_DOMCTL_CDF_hvm = 1;
  public static final int XEN_DOMCTL_CDF_hap = 2;
  public static final int XEN_DOMCTL_CDF_s3_integrity = 4;
  public static final int XEN_DOMCTL_CDF_oos_off = 8;
  public static final int XEN_DOMCTL_CDF_xs_domain = 16;
  public static final int XEN_DOMCTL_CDF_iommu = 32;
  public static final int XEN_DOMCTL_CDF_nested_virt = 64;
  public static final int XEN_DOMCTL_CDF_MAX = 128;
  public static final int XEN_DOMCTL_CDF_vpmu = 128;
  public static final int XEN_DOMCTL_CONFIG_GIC_NATIVE = 0;
  public static final int XEN_DOMCTL_CONFIG_GIC_V2 = 1;
  public static final int XEN_DOMCTL_CONFIG_GIC_V3 = 2;
  public static final int XEN_DOMCTL_CONFIG_TEE_NONE = 0;
  public static final int XEN_DOMCTL_CONFIG_TEE_OPTEE = 1;
  public static final int XEN_DOMCTL_GRANT_version_mask = 15;
  public static final int XEN_DOMCTL_IOMMU_MAX = 1;
  public static final int XEN_DOMCTL_IOMMU_no_sharept = 1;

  private DomainConfig() {
  }
}

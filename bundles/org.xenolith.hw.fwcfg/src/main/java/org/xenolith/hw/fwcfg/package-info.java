// SPDX-License-Identifier: EPL-2.0
/** QEMU's firmware configuration device (fw_cfg) behind a window of memory. */
package org.xenolith.hw.fwcfg;

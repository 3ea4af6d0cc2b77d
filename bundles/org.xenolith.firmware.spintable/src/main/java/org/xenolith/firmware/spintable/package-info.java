// SPDX-License-Identifier: EPL-2.0
/** Spin-table: how boards without PSCI hold secondary CPUs until the kernel wants them. */
package org.xenolith.firmware.spintable;

// SPDX-License-Identifier: EPL-2.0
/** Builds guests that are described by ACPI. */
package org.xenolith.hyp.build.arm.acpi.domu;

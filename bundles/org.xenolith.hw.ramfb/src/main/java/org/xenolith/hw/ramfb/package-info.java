// SPDX-License-Identifier: EPL-2.0
/** QEMU's display ramfb: a frame buffer in the guest's memory. */
package org.xenolith.hw.ramfb;

// SPDX-License-Identifier: EPL-2.0
/** Firmware that lies in a machine's flash: its files, and what the machine tells it. */
package org.xenolith.firmware.flash;

// SPDX-License-Identifier: EPL-2.0
/** Makes x86-64 processors. */
package org.xenolith.cpu.x64;

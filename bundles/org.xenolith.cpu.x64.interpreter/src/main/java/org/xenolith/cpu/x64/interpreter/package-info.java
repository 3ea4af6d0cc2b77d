// SPDX-License-Identifier: EPL-2.0
/** The interpreter of x86-64 CPUs as a service. */
package org.xenolith.cpu.x64.interpreter;

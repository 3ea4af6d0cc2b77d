// SPDX-License-Identifier: EPL-2.0
/** Ports between a CPU, the machine core and the engines that execute it. */
package org.xenolith.cpu.api;

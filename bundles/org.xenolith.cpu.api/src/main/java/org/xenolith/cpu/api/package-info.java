// SPDX-License-Identifier: EPL-2.0
/** What executes a CPU, whatever its architecture. */
package org.xenolith.cpu.api;

// SPDX-License-Identifier: EPL-2.0
/** The EFI program that hands a machine over to the hypervisor, and the command that writes it. */
package org.xenolith.loader.tool;

// SPDX-License-Identifier: EPL-2.0
/** The hypervisor's driver of AMD's IOMMUs: a function reaches the memory of the domain that has it, and sends the messages that it was given. */
package org.xenolith.hyp.amdvi;

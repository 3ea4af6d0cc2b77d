// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

/**
 * A domain of the machine's hypervisor, as it was when it was listed.
 *
 * @param id    its domid
 * @param name  its name
 * @param state where it is in its life: a name of {@code org.xenolith.hyp.api.DomainState}
 */
public record ListedDomain(int id, String name, String state) {}

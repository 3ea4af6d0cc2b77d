// SPDX-License-Identifier: EPL-2.0
/**
 * What cores of the hypervisor share, whatever machine they are for: domains, virtual CPUs with their states and times, who runs where and for how
 * long. A core of one architecture extends {@link org.xenolith.hyp.core.HypervisorCore}, {@link org.xenolith.hyp.core.PhysicalCpu} and
 * {@link org.xenolith.hyp.core.GuestVcpu}.
 */
@NullMarked
package org.xenolith.hyp.core;

import org.jspecify.annotations.NullMarked;

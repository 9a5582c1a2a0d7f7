"""What may be asked, and above all what may not."""

import asyncio
import functools
import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.failures import InputFault
from transforms.web.guard import (
    AddressRefused,
    GuardedResolver,
    address_fault,
    checked_url,
    guarded_socket,
    host_fault,
    same_host,
    special_networks,
)

PORTS = (80, 443)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3", "192.0.0.8", "192.0.0.9",
        "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
        "2002:7f00:1::", "2002:808:808::", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0",
        "fec0::1", "ff02::1", "5f00::1", "3fff::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address):
    assert "is not a public address" in address_fault(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "100.128.0.1"],
)
def test_a_public_address_may_be_asked(address):
    assert address_fault(address) is None


@pytest.mark.parametrize(
    ("address", "lifted"),
    [
        ("127.0.0.1", True), ("10.0.0.1", True), ("192.168.0.1", True), ("::1", True),
        ("fd00::1", True), ("::ffff:10.0.0.1", True), ("100.64.0.1", True),
        ("169.254.169.254", False), ("fe80::1", False), ("224.0.0.1", False), ("0.0.0.0", False),
        ("64:ff9b::7f00:1", False), ("255.255.255.255", False),
    ],
)  # fmt: skip
def test_allow_private_lifts_networks_people_run_services_in_and_nothing_else(address, lifted):
    assert (address_fault(address, private=True) is None) == lifted


@given(st.ip_addresses(v=4))
def test_nothing_that_python_calls_special_gets_through(address):
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert address_fault(str(address))


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_no_milder(address):
    inside = str(ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed))
    assert (address_fault(inside) is None) == (address_fault(str(address)) is None)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1",
        "127.0.0.1.", "[::1]", "::1", "localhost", "LOCALHOST", "localhost.", "foo.localhost",
        "[::ffff:7f00:1]", "0", "0.0.0.0",
    ],
)  # fmt: skip
def test_this_machine_is_recognised_in_every_notation(host):
    assert host_fault(host)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//example.org/", "scheme"),
        ("", "scheme"),
        ("http://user@example.org/", "credentials"),
        ("http://user:secret@example.org/", "credentials"),
        ("http://:secret@example.org/", "credentials"),
        ("http://example.org:22/", "port"),
        ("http://example.org:8000/", "port"),
        ("http://example.org:99999/", "bad-url"),
        ("http://example.org:port/", "bad-url"),
        ("http://", "bad-url"),
        ("http:///path", "bad-url"),
        ("http://[::1/", "bad-url"),
        ("http://exa mple.org/", "bad-url"),
        ("http://example.org\\@127.0.0.1/", "bad-url"),
        ("http://example.org/\r\nX: y", "bad-url"),
        ("http://example.org/" + "a" * 9000, "bad-url"),
        ("http://127.0.0.1/", "private-address"),
        ("http://2130706433/", "private-address"),
        ("http://[::ffff:127.0.0.1]/", "private-address"),
        ("http://①②⑦.⓪.⓪.①/", "private-address"),
        ("http://127。0。0。1/", "private-address"),
        ("http://localhost/", "private-address"),
    ],
)
def test_a_url_that_may_not_be_asked_is_refused_with_its_reason(url, error):
    with pytest.raises(InputFault) as caught:
        checked_url(url, ports=PORTS)
    assert caught.value.error == error


def test_a_password_is_never_repeated():
    with pytest.raises(InputFault) as caught:
        checked_url("http://user:secret@example.org/", ports=PORTS)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://example.org:443/a?b=c", "https://münchen.example/ü"]
)
def test_an_ordinary_url_is_parsed(url):
    assert checked_url(url, ports=PORTS).raw_host


def test_allow_private_lifts_ports_and_addresses_but_not_schemes_or_credentials():
    assert checked_url("http://127.0.0.1:9999/", ports=PORTS, private=True).port == 9999
    for url in ("gopher://127.0.0.1/", "http://a:b@127.0.0.1/", "http://169.254.169.254/"):
        with pytest.raises(InputFault):
            checked_url(url, ports=PORTS, private=True)


def resolve(answers, *, private=False):
    resolver = GuardedResolver(private=private, resolve=lambda host, port: answers)
    return asyncio.run(resolver.resolve("feeds.example.org", 80))


def test_all_answers_of_the_resolver_are_pinned():
    found = resolve(["8.8.8.8", "2606:4700::1111"])
    assert [row["host"] for row in found] == ["8.8.8.8", "2606:4700::1111"]
    assert {row["flags"] for row in found} == {socket.AI_NUMERICHOST}


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.1.1.1", "::1", "169.254.169.254"])
def test_one_bad_answer_refuses_the_name(bad):
    with pytest.raises(AddressRefused, match=r"feeds\.example\.org"):
        resolve(["8.8.8.8", bad])


def test_a_name_without_addresses_is_unknown():
    with pytest.raises(socket.gaierror):
        resolve([])


def test_the_socket_refuses_what_slipped_past_the_rest():
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80))
    with pytest.raises(AddressRefused):
        guarded_socket(info, private=False)
    functools.partial(guarded_socket, private=True)(info).close()


def test_the_table_of_networks_is_sound():
    networks = [network for network, _, _ in special_networks()]
    assert len(networks) == len(set(networks)) > 30
    assert all(why for _, _, why in special_networks())


def test_hosts_are_compared_without_port_scheme_and_case():
    assert same_host("http://EXAMPLE.org:8080/x", "https://example.org/")
    assert not same_host("http://example.org/", "http://www.example.org/")
    assert not same_host("http://[half/", "http://[half/")

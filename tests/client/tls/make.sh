#!/bin/sh
# Makes the certificates of daemon.key that these tests need besides daemon.pem, valid for 100 years.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As most people make one: an authority's, and named by its subject alone.
openssl req -x509 -key daemon.key -days 36500 -subj /CN=localhost -out self_signed.pem

# The others are no authority's. NAME SUBJECT-ALT-NAME START END
sign() {
  cat >"$work/ca.cnf" <<CONFIG
[ca]
default_ca = any
[any]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any_policy
copy_extensions = copy
unique_subject = no
[any_policy]
commonName = supplied
CONFIG
  : >"$work/index.txt"
  echo 01 >"$work/serial"
  openssl req -new -key daemon.key -subj "/CN=$1" -out "$work/request.pem" \
    -addext basicConstraints=critical,CA:FALSE -addext "subjectAltName=$2"
  openssl ca -batch -notext -config "$work/ca.cnf" -selfsign -keyfile daemon.key \
    -in "$work/request.pem" -startdate "$3" -enddate "$4" -out "$1.pem"
}
here=DNS:localhost,IP:127.0.0.1,IP:::1
sign expired "$here" 20200101000000Z 20210101000000Z
sign not_yet_valid "$here" 21200101000000Z 22200101000000Z
sign other_name DNS:other.example,IP:192.0.2.1 20260101000000Z 21260101000000Z
sign any_loopback "$here" 20260101000000Z 21260101000000Z
# An address of this machine that is not taken for one.
sign any_address IP:0.0.0.0 20260101000000Z 21260101000000Z

# A forgery: version 1, and in the name of the authority of ca.pem, which has not signed it.
openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=Containarium tests CA" -days 36500 \
  -keyout "$work/forger.key" -out "$work/forger.pem"
openssl req -new -key daemon.key -subj /CN=localhost -out "$work/request.pem"
openssl x509 -req -in "$work/request.pem" -CA "$work/forger.pem" -CAkey "$work/forger.key" \
  -set_serial 1 -days 36500 -out forged.pem

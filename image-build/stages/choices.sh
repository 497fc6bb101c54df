# What was asked for on the command line.
# shellcheck shell=bash disable=SC2034  # read by the other stages

HELP='build: from a commit to a box on the counter

  image-build/build --version 1.4.0 --channel stable [--vendor acme.toml]

  --version V      version of the product, three numbers
  --channel C      dev, beta or stable; dev makes its own signing keys
  --vendor FILE    name, support, hub and update authority of a vendor (vendor.example.toml shows every key)
  --arch A         amd64 (default) or arm64 (root file system and .deb only)
  --program FILE   the built uketsuke; without it, it is built from this commit
  --keys DIR       signing keys: signer.pem, signer.key, authority.pem (needed for beta and stable)
  --mirror URL     where packages come from; without it, what this machine itself uses
  --suite S        trixie (default)
  --only PARTS     make only these, without papers: disk, bundle, deb (with commas between them)
  --out DIR        where to put what is made (default: image-build/out)
  --cache DIR      what is kept between builds (default: image-build/cache)
  --debug-shell    a root shell on the serial console; only with --channel dev
  --update-lock    nothing else: fetch the packages of today and write their versions down, to be looked at and committed

doctor says what this machine lacks, and the line that installs it.'

read_choices() {
    VERSION='' CHANNEL='' VENDOR='' ONLY='' ARCH=amd64 PROGRAM='' KEYS='' MIRROR='' SUITE=trixie DEBUG_SHELL=no UPDATE_LOCK=no
    OUT=$HERE/out CACHE=$HERE/cache
    while [ $# -gt 0 ]; do
        case $1 in
            --version | --channel | --vendor | --arch | --program | --keys | --mirror | --suite | --only | --out | --cache)
                [ $# -ge 2 ] || refuse "build: $1 wants a value after it."
                ;;
        esac
        case $1 in
            --version) VERSION=$2 && shift ;;
            --channel) CHANNEL=$2 && shift ;;
            --vendor) VENDOR=$2 && shift ;;
            --arch) ARCH=$2 && shift ;;
            --program) PROGRAM=$2 && shift ;;
            --keys) KEYS=$2 && shift ;;
            --mirror) MIRROR=$2 && shift ;;
            --suite) SUITE=$2 && shift ;;
            --only) ONLY=$2 && shift ;;
            --out) OUT=$2 && shift ;;
            --cache) CACHE=$2 && shift ;;
            --debug-shell) DEBUG_SHELL=yes ;;
            --update-lock) UPDATE_LOCK=yes ;;
            --help | -h) printf '%s\n' "$HELP" && exit 0 ;;
            *) refuse "build: '$1' is not an option." '' "$HELP" ;;
        esac
        shift
    done
    for name in VENDOR PROGRAM KEYS OUT CACHE; do
        local value=${!name}
        [ -z "$value" ] || printf -v "$name" '%s' "$(cd "$CALLED_FROM" && realpath -m -- "$value")"
    done
    check_choices
}

check_choices() {
    # a list of packages has neither
    if [ "$UPDATE_LOCK" = yes ]; then VERSION=${VERSION:-0.0.0} CHANNEL=${CHANNEL:-dev}; fi
    [[ $VERSION =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] ||
        refuse "build: --version '$VERSION' is not three numbers such as 1.4.0."
    case $CHANNEL in dev | beta | stable) ;; *) refuse "build: --channel '$CHANNEL' is not dev, beta or stable." ;; esac
    case $ARCH in amd64 | arm64) ;; *) refuse "build: --arch '$ARCH' is not amd64 or arm64." ;; esac
    [ "$SUITE" = trixie ] || refuse "build: --suite '$SUITE': only trixie was tried."
    [[ $ONLY =~ ^((disk|bundle|deb)(,(disk|bundle|deb))*)?$ ]] || refuse "build: --only '$ONLY': disk, bundle and deb can be made, with commas between them."
    [ "$CHANNEL" = dev ] || [ "$DEBUG_SHELL" = no ] || refuse 'build: --debug-shell is for --channel dev only: a released image has no shell to reach.'
    [ "$UPDATE_LOCK" = no ] || [ "$DEBUG_SHELL" = no ] || refuse 'build: --update-lock writes down what is released: without --debug-shell.'
    [ "$CHANNEL" = dev ] || [ -n "$KEYS" ] || refuse "build: --channel $CHANNEL needs --keys DIR. Keys made on the way are for dev only."
    [ "$(id -u)" = 0 ] || refuse 'build: has to run as root: it unpacks a system with its owners and modes.'
}

# Is this part wanted?
wanted() {
    [ -z "$ONLY" ] || [[ ",$ONLY," == *",$1,"* ]]
}
